/** Sends SIGKILL to the leader of a process group, and to the group: it may have children. */
export function killTree(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // The process has exited already, or this is Windows, which has no process groups.
    }
  }
}
