/** The names of a builtin's members that show facts, with the values in a hosted server. */
type Facts = Readonly<Record<string, unknown>>

/** The builtins that cannot be hosted. They can be imported, for the facts that they tell. */
export const REFUSED: Readonly<Record<string, Facts>> = {
  worker_threads: {
    isMainThread: true,
    threadId: 0,
    parentPort: null,
    workerData: null,
    resourceLimits: {},
  },
  child_process: {},
  cluster: { isPrimary: true, isMaster: true, isWorker: false, workers: {}, settings: {} },
  dgram: {},
  inspector: {},
  repl: {},
}

/** The error about a module that needs more than a realm in this process. */
export function refusal(what: string, importer: string): Error {
  return new Error(
    `${what}, which ${importer} uses, cannot be hosted; play the server as a program: ` +
      "--world wire --server 'exec:npm start' --dump ./dump.ts",
  )
}

/** Returns the module with functions that throw an error which names the importer. */
export function refused(
  name: string,
  facts: Facts,
  real: object,
  importer: string,
): Record<string, unknown> {
  const members = Object.entries(real).map(([key, value]) => {
    if (key in facts || typeof value !== 'function') return [key, facts[key]] as const
    // Not an arrow function: classes are called with `new`.
    const refuse = function refuse() {
      throw refusal(`${key} of node:${name}`, importer)
    }
    return [key, refuse] as const
  })
  return { ...Object.fromEntries(members), ...facts }
}
