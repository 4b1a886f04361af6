#!/bin/sh
# Runs a verb of the hub as the service would: its account, settings, secrets. Install as /usr/local/sbin/hub; needs root.
#   hub partner check PARTNER   hub exchange list          hub migrate
exec systemd-run --quiet --collect --wait --pipe --same-dir \
  --property=User=distributorhub --property=Group=distributorhub --property=StateDirectory=distributorhub \
  --property=EnvironmentFile=/etc/distributorhub/hub.env \
  --property=LoadCredential=secret:/etc/distributorhub/secrets \
  /bin/sh -c 'PGPASSFILE="$CREDENTIALS_DIRECTORY/secret_pgpass" exec /opt/distributorhub/hub "$@"' hub "$@"
