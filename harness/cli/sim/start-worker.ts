import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { IN_CLONE, MODULE_ENDING } from '../catalog/home.ts'

/**
 * Starts a thread that runs worker.ts. Nothing that code under test prints reaches the report: the
 * streams of the thread are read here.
 */
export function startWorker(memory: SharedArrayBuffer): Worker {
  const program = new URL(`./worker${MODULE_ENDING}`, import.meta.url)
  const options = { workerData: memory, stdout: true, stderr: true }
  if (!IN_CLONE) return new Worker(program, options)
  return new Worker(bootstrap(program.href), { ...options, eval: true })
}

/** A thread does not inherit tsx, and `--import` comes too late for its first module. */
function bootstrap(program: string): string {
  const { resolve } = createRequire(import.meta.url)
  const apis = ['tsx/cjs/api', 'tsx/esm/api'].map(
    (name) => pathToFileURL(resolve(name).replace(/\.cjs$/, '.mjs')).href,
  )
  return `
    Promise.all(${JSON.stringify(apis)}.map((url) => import(url)))
      .then((apis) => {
        for (const { register } of apis) register()
        return import(${JSON.stringify(program)})
      })
      .catch((error) => setImmediate(() => { throw error }))
  `
}
