import type { Clock } from '../../../core/ports/clock.ts'
import type { Standstill } from '../../../core/ports/standstill.ts'
import type { Random } from '../../../core/random.ts'
import { dateClass } from '../../globals/date.ts'
import { mathObject } from '../../globals/math.ts'
import type { Life } from '../life.ts'
import type { HostedGlobals } from '../realm/module-code.ts'
import type { HostedTimers } from './timers.ts'

export interface GlobalPlace {
  readonly clock: Clock
  readonly random: Random
  readonly standstill: Standstill
  readonly life: Life
  readonly timers: HostedTimers
  readonly process: NodeJS.Process
  readonly performance: Performance
  readonly webcrypto: object
  readonly fetch: typeof fetch
}

/** Returns the globals of one incarnation, which shadow those of this process. */
export function hostedGlobals(place: GlobalPlace): HostedGlobals {
  const { clock, random, standstill, life, timers } = place
  const { promises: _promises, ...timerFunctions } = timers
  const members = {
    ...timerFunctions,
    process: place.process,
    queueMicrotask: (task: () => void) => queueMicrotask(() => life.run(task)),
    Date: dateClass(clock),
    Math: mathObject(random),
    performance: place.performance,
    crypto: place.webcrypto,
    fetch: place.fetch,
    AbortSignal: hostedAbortSignal(timers),
    WebAssembly: hostedWebAssembly(standstill),
  }
  // Additions of its code stay in its incarnation; the rest is that of this process.
  const globalObject: Record<string, unknown> = Object.create(globalThis)
  for (const [name, value] of Object.entries(members)) define(globalObject, name, value)
  define(globalObject, 'globalThis', globalObject)
  define(globalObject, 'global', globalObject)
  return { ...members, globalThis: globalObject, global: globalObject }
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
}

function hostedAbortSignal({ setTimeout }: HostedTimers): typeof AbortSignal {
  const timeout = (ms: number) => {
    const controller = new AbortController()
    setTimeout(() => {
      const message = 'The operation was aborted due to timeout'
      controller.abort(new DOMException(message, 'TimeoutError'))
    }, ms)
    return controller.signal
  }
  return new Proxy(AbortSignal, {
    get: (target, name) => (name === 'timeout' ? timeout : Reflect.get(target, name, target)),
  })
}

type AsyncWork = (...args: unknown[]) => Promise<unknown>

/** Compiling is done in threads. */
function hostedWebAssembly(standstill: Standstill): object {
  const real = (globalThis as unknown as { WebAssembly: object }).WebAssembly
  const hosted = Object.create(Object.prototype, Object.getOwnPropertyDescriptors(real)) as object
  for (const name of ['compile', 'instantiate']) {
    const work = (real as Record<string, AsyncWork>)[name] as AsyncWork
    define(hosted, name, (...args: unknown[]) => standstill(() => work(...args)))
  }
  return hosted
}
