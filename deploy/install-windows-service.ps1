# Installs DistributorHub as a Windows service, or points an installed one at a new folder. Run as administrator:
#   .\install-windows-service.ps1 -Folder 'C:\Program Files\DistributorHub' [-Account 'NT SERVICE\DistributorHub']
#   .\install-windows-service.ps1 -Uninstall
#Requires -RunAsAdministrator
[CmdletBinding()]
param(
    [string] $Folder = (Split-Path -Parent $PSScriptRoot),
    [string] $Account = 'NT SERVICE\DistributorHub',
    [string] $Data = (Join-Path $env:ProgramData 'DistributorHub'),
    [switch] $Uninstall
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$name = 'DistributorHub'

function Invoke-Sc {
    & sc.exe @args | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "sc.exe $($args -join ' ') ended with $LASTEXITCODE." }
}

$service = Get-Service -Name $name -ErrorAction SilentlyContinue
if ($service) { Stop-Service -Name $name }
if ($Uninstall) {
    if ($service) { Invoke-Sc delete $name }
    Write-Host "The service is removed. '$Data' and the databases are left as they are."
    return
}

$program = Join-Path $Folder 'hub.exe'
if (-not (Test-Path $program)) { throw "There is no '$program'. Publish with deploy/publish.sh -r win-x64 first." }
$command = '"{0}" run' -f $program
if ($service) { Invoke-Sc config $name binPath= $command obj= $Account }
else { Invoke-Sc create $name binPath= $command start= delayed-auto obj= $Account DisplayName= 'DistributorHub' }
Invoke-Sc description $name "Partners' EDI files into the seller's database"
# Started again after 5 s, 30 s, then every minute; a day without failure forgets them.
Invoke-Sc failure $name reset= 86400 actions= restart/5000/restart/30000/restart/60000
Invoke-Sc failureflag $name 1

# The service's own account may write its data, read its program and nothing else of ours; other users may not read the data.
New-Item -ItemType Directory -Force -Path $Data, (Join-Path $Data 'secrets') | Out-Null
& icacls.exe $Data /inheritance:r /grant:r 'SYSTEM:(OI)(CI)F' 'Administrators:(OI)(CI)F' "${Account}:(OI)(CI)M" | Out-Null
if ($LASTEXITCODE -ne 0) { throw "The rights on '$Data' could not be set." }

# Settings of the service alone, in place of environment variables of the whole machine.
$settings = @("Hub__Data=$Data", "Hub__Mappings=$(Join-Path $Data 'mappings')", "PGPASSFILE=$(Join-Path $Data 'secrets\pgpass')")
$key = "HKLM:\SYSTEM\CurrentControlSet\Services\$name"
if (-not (Get-ItemProperty -Path $key -Name Environment -ErrorAction SilentlyContinue)) {
    New-ItemProperty -Path $key -Name Environment -PropertyType MultiString -Value $settings | Out-Null
}
if (-not (Test-Path (Join-Path $Data 'mappings'))) {
    Copy-Item -Recurse (Join-Path $Folder 'mappings') (Join-Path $Data 'mappings')
}
Start-Service -Name $name
Write-Host "DistributorHub runs. Settings: value 'Environment' of $key (one NAME=VALUE a line). Pages: http://127.0.0.1:5080"
