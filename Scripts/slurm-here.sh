#!/usr/bin/env bash
# Starts Slurm's controller and one node on this machine, in a folder of their own, runs a command that can submit to them, and
# stops them: Scripts/slurm-here.sh vptsp sweep f.vps a=1,2 on=slurm
# Exits with 77, and says why, where they cannot start. Debian: apt-get install slurm-wlm; as root, because Slurm wants it so.
set -euo pipefail

cannot() {
    echo "slurm-here: $1" >&2
    exit 77
}
for command in slurmctld slurmd sbatch scontrol perl; do
    command -v "$command" >/dev/null || [ -x "/usr/sbin/$command" ] || cannot "$command is not installed: apt-get install slurm-wlm perl"
done
[ "$(id -u)" -eq 0 ] || cannot "Slurm's node daemon must be started by root"
PATH=$PATH:/usr/sbin

# Who starts this may have blocked signals, which daemons and jobs would inherit: none of them could be told to end.
if [ -z "${SLURM_HERE_UNBLOCKED:-}" ]; then
    SLURM_HERE_UNBLOCKED=1 exec perl -MPOSIX -e 'sigprocmask(SIG_SETMASK, POSIX::SigSet->new); exec @ARGV or die' bash "$0" "$@"
fi

folder=$(mktemp -d)
controller=
node=
stop() {
    for daemon in $node $controller; do
        kill "$daemon" 2>/dev/null || true
        for _ in $(seq 15); do
            kill -0 "$daemon" 2>/dev/null || break
            sleep 0.2
        done
        kill -KILL "$daemon" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT

host=$(hostname -s)
# Two free ports: whoever else runs this chooses others.
read -r port1 port2 < <(perl -MIO::Socket::INET -e '
    my @sockets = map { IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") } 1 .. 2;
    print join(" ", map { $_->sockport } @sockets), "\n"')
mkdir "$folder/state" "$folder/spool"
cat >"$folder/slurm.conf" <<CONF
ClusterName=here
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/none
CredType=cred/none
# A job that is queued again may start at once.
AuthInfo=cred_expire=5
SlurmctldPort=$port1
SlurmdPort=$port2
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MpiDefault=none
KillWait=5
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=${SLURM_HERE_CPUS:-2} RealMemory=8000
PartitionName=here Nodes=$host Default=YES MaxTime=60 State=UP
CONF
export SLURM_CONF=$folder/slurm.conf

slurmctld -D >"$folder/controller.out" 2>&1 &
controller=$!
slurmd -D >"$folder/node.out" 2>&1 &
node=$!
for _ in $(seq 100); do
    kill -0 "$controller" 2>/dev/null || cannot "slurmctld ended: $(tail -n 3 "$folder/controller.out" "$folder/slurmctld.log" 2>/dev/null)"
    kill -0 "$node" 2>/dev/null || cannot "slurmd ended: $(tail -n 3 "$folder/node.out" "$folder/slurmd.log" 2>/dev/null)"
    [ "$(sinfo --noheader --format %T 2>/dev/null)" = idle ] && break
    sleep 0.2
done
[ "$(sinfo --noheader --format %T 2>/dev/null)" = idle ] || cannot "the node did not come up: $(tail -n 3 "$folder/slurmd.log" 2>/dev/null)"

status=0
"$@" || status=$?
# Nothing of it may outlive its daemons.
scancel --user="$(id -un)" 2>/dev/null || true
for _ in $(seq 50); do
    [ -n "$(squeue --noheader 2>/dev/null)" ] || break
    sleep 0.2
done
exit "$status"
