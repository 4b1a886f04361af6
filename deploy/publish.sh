#!/usr/bin/env bash
# Makes the folder that is installed: the program, the mappings, these deployment files.
#   deploy/publish.sh [-r RUNTIME] [-f] [FOLDER]
#   -r RUNTIME   linux-x64 (default), linux-arm64, win-x64
#   -f           needs the ASP.NET Core 10 runtime on the target; without it the runtime is included
#   FOLDER       default: artifacts/hub-RUNTIME
set -euo pipefail
usage() { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }

runtime=linux-x64 selfcontained=true
while getopts r:fh option; do
  case $option in
    r) runtime=$OPTARG ;;
    f) selfcontained=false ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -le 1 ] || usage
caller=$PWD
cd "$(dirname "$0")/.."
target=${1:-$PWD/artifacts/hub-$runtime}
case $target in /*) ;; *) target=$caller/$target ;; esac
if [ -e "$target" ] && [ -n "$(ls -A "$target")" ] && [ ! -e "$target/deploy/distributorhub.service" ]; then
  echo "'$target' holds something else: choose an empty folder." >&2
  exit 2
fi

rm -rf "$target"
# Built apart from the checkout, whose lock files name no runtime's packages and stay as they are.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet publish src/DistributorHub.Worker --configuration Release --runtime "$runtime" --self-contained "$selfcontained" \
  --output "$target" --artifacts-path "$work" -p:NuGetLockFilePath="$work/\$(MSBuildProjectName).lock.json" -p:DebugType=embedded \
  --nologo -v quiet >&2
find "$target" -maxdepth 1 -name '*.xml' -delete
cp -R mappings "$target/mappings"
cp -R deploy "$target/deploy"
if [ -d sample-files ]; then
  cp -R sample-files "$target/sample-files"
fi
echo "$target"
