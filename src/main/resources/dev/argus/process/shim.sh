# Runs one service and records how it ended, so that the record outlives Argus.
# $0 = run directory, $1 = where to join the control group of the instance or empty, the rest = the service's command, descriptor 4 = a
# socket to Argus, where it has one.
# Passed to sh -c without these comments. Builtins only: a fork costs more than all of this together.
# A signal to the whole group must let the shim live on until it has written the status; in the child handlers are reset, ignoring would not be.
trap : HUP INT QUIT USR1 USR2 PIPE ALRM TERM
# The shell's own remarks ("Killed") do not belong into the log of the service.
exec 3>&2 2>/dev/null
# Once: a restart below this shim is born in the group, and joining takes the kernel some 20 ms.
[ -z "$1" ] || echo 0 >"$1"
shift
while :
do
# In the foreground: a shell without job control makes its background children ignore INT and QUIT.
(
# When memory runs out the kernel is to take a service and not Argus or the shim, who can start it again. More is never made less.
read -r argus_word </proc/self/oom_score_adj
[ "$argus_word" -ge 200 ] || echo 200 >/proc/self/oom_score_adj
exec 2>&3 3>&- 4>&-
unset PWD OLDPWD SHLVL _ argus_status argus_word
exec "$@"
)
argus_status=$?
# First the file: Argus may remove it and say "again" as soon as it was told.
echo "$argus_status" >"$0/exit"
echo "$argus_status" >&4
# Waits for Argus to say "again", which saves it the start of a new shell; ends when Argus is gone, lets it go, or by TERM.
trap - TERM
# shellcheck disable=SC2034 # that it comes is all that counts
read -r argus_word <&4 || exit "$argus_status"
trap : TERM
done
