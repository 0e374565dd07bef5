/** SIGKILL to a process that leads a group of its own, and to all in that group: a program may have started others. */
export function killTree(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It is gone already; on Windows there are no groups.
    }
  }
}
