import process from 'node:process'

/** Returns the milliseconds that this process and all its threads have worked so far. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
