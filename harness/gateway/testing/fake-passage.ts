import type { EventBody } from '../../core/event.ts'
import type { Interception } from '../../core/interception.ts'
import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { Gateway } from '../gateway.ts'
import type { GatewayRequest } from '../gateway-request.ts'
import type { Passage } from '../passage.ts'

/** A request at a gateway, with everything that its carrier was asked to do. */
export interface FakePassage {
  readonly passage: Passage
  /** 'forward', 'pass', 'reset', 'respond 503'; each with the time, if it is later than 0. */
  readonly done: readonly string[]
}

/** A gateway on virtual time that lists what it records and whom it kills. */
export class FakeGateway {
  readonly clock = new VirtualClock()
  readonly killed: string[] = []
  readonly gateway = new Gateway({
    after: (ms, task) => void this.clock.after(ms, task),
    kill: async (node, window) => {
      this.killed.push(window === undefined ? node : `${node} in ${window}`)
    },
    emit: (event) => void this.#events.push(event),
  })
  readonly #events: EventBody[] = []
  #count = 0

  /** Adds interceptions under the names 'a', 'b', … */
  with(...interceptions: readonly Interception[]): this {
    for (const [i, interception] of interceptions.entries())
      this.gateway.add('abc'[i] ?? `${i}`, interception)
    return this
  }

  /** A request arrives: ana's push, unless other facts are given. */
  arrive(facts: Partial<GatewayRequest> = {}): FakePassage {
    const done: string[] = []
    const push = (what: string) => {
      const now = this.clock.now()
      done.push(now === 0 ? what : `${what} at ${now}`)
    }
    const requestId = `r${++this.#count}`
    const request = { requestId, device: 'ana', method: 'POST', path: '/push', isMarked: true }
    const passage = this.gateway.arrived(
      { ...request, ...facts },
      {
        forward: () => push('forward'),
        pass: () => push('pass'),
        reset: () => push('reset'),
        respond: ({ status }) => push(`respond ${status}`),
      },
    )
    return { passage, done }
  }

  /** The recorded events, without their types. */
  get recorded(): readonly object[] {
    return this.#events.map(({ type: _, ...rest }) => rest)
  }

  /** Lets promises settle, and the time pass until this instant. */
  async until(ms: number): Promise<void> {
    await this.clock.until(ms)
  }
}
