#!/bin/sh
# Show the main job on made data. Usage: scripts/demo.sh FOLDER
# Needs partnerctl on the PATH. Home and reports go below FOLDER, are made anew by each run, and nothing else is touched.
set -eu

folder=${1:?usage: scripts/demo.sh FOLDER}
mkdir -p "$folder"

# What the user has set for the real partnerctl has no say here.
for name in $(env | sed -n 's/^\(PARTNERCTL_[A-Z0-9_]*\)=.*/\1/p'); do
    unset "$name"
done
PARTNERCTL_HOME=$(cd "$folder" && pwd)/home
export PARTNERCTL_HOME
reports=$folder/reports
rm -rf "$PARTNERCTL_HOME" "$reports"
mkdir -p "$PARTNERCTL_HOME" "$reports"

say() {
    printf '\n# %s\n' "$1"
}

run() {
    printf '$ %s\n' "$*"
    "$@"
}

needs_attention='status:expiring_soon,suspended,license_overage'

say 'A store of 200 made customers; the same seed makes the same store.'
run partnerctl demo --customers 200 --seed 7

say 'Who needs a person today, and why.'
run partnerctl --profile demo today --limit 5

say 'The license analytics: the overview, and one section.'
run partnerctl --profile demo kpis
run partnerctl --profile demo kpis expiring --limit 5

say 'The customers that need attention.'
run partnerctl --profile demo customers filter "$needs_attention" --limit 12

say 'The first of them.'
customer=$(partnerctl --quiet --profile demo customers filter "$needs_attention" --limit 1 \
    --output tsv --fields org_id --no-header)
run partnerctl --profile demo customers show "$customer"

say 'One report: where it is, and its first lines.'
run partnerctl --profile demo reports run subscription-details --dir "$reports"
for report in "$reports"/*.csv; do
    run head -n 5 "$report"
done

say 'One line of JSON, of the kind that goes into jq.'
run partnerctl --profile demo customers list --limit 1 --output jsonl
