import type { EventBody } from '../core/event.ts'
import type { Interception, InterceptionAct, Moment, Replacement } from '../core/interception.ts'
import { isSuccessStatus } from '../core/success-status.ts'
import type { GatewayRequest } from './gateway-request.ts'
import { sentBody } from './replaced-response.ts'

/**
 * A request that waits at the gateway, as its world carries it. At most one of `respond`, `pass`
 * and `reset` is called; a request whose response is lost waits for `reset` until the interception
 * is removed.
 */
export interface Carrier {
  /** Passes the request to the server. The world then calls {@link Passage.answered}. */
  forward(): void
  /** Passes the server's own response to the device. */
  pass(): void
  /** Sends a response in the place of the server's; `before` the server has responded, or after. */
  respond(replacement: Replacement): void
  /** Breaks the device's connection. */
  reset(): void
}

export interface GatewayOptions {
  /** Runs a task after this many scenario milliseconds. */
  after(ms: number, task: () => void): void
  /** Kills a node. Resolves when it is dead. */
  kill(node: string, window: string | undefined): Promise<void>
  /** Records what was done. */
  emit(event: EventBody): void
}

type Act<Type extends InterceptionAct['type']> = Extract<InterceptionAct, { type: Type }>

/** An interception with what has come of it so far. */
export interface Rule {
  readonly interception: Interception
  /** The number of requests that matched so far, apart from `nth`. */
  matched: number
  /** The devices for which `until` has come true. */
  readonly over: Set<string>
  /** True after the node has been killed. */
  hasKilled: boolean
  /** The requests whose responses were lost. */
  readonly held: Set<Carrier>
  /** Lets delayed requests and responses go on, unless another rule still delays them. */
  readonly delayed: Set<() => void>
  /** False after its removal: then it acts on nothing, also not on requests under way. */
  isActive: boolean
}

/** A request on its way through the gateway. */
export class Passage {
  readonly #request: GatewayRequest
  readonly #carrier: Carrier
  readonly #rules: readonly Rule[]
  readonly #options: GatewayOptions
  readonly #onSuccess: () => void
  #isClosed = false

  constructor(
    request: GatewayRequest,
    carrier: Carrier,
    rules: readonly Rule[],
    options: GatewayOptions,
    onSuccess: () => void,
  ) {
    this.#request = request
    this.#carrier = carrier
    this.#rules = rules
    this.#options = options
    this.#onSuccess = onSuccess
  }

  /** If false, nothing happens to the response: it need not be held back. */
  get isIntercepted(): boolean {
    return this.#rules.length > 0
  }

  begin(): void {
    this.#go('before', () => this.#carrier.forward())
  }

  /** Must be called when the server has responded with this status. */
  answered(status: number): void {
    this.#go('after', () => {
      if (this.#isClosed) return
      if (isSuccessStatus(status)) this.#onSuccess()
      this.#carrier.pass()
    })
  }

  /** Must be called when the device's connection is closed: nothing more happens to the request. */
  closed(): void {
    this.#isClosed = true
    for (const { held } of this.#rules) held.delete(this.#carrier)
  }

  #go(moment: Moment, onward: () => void): void {
    if (this.#rules.length === 0) {
      onward()
      return
    }
    const delays = this.#acts('delay', moment)
    // Nobody waits for the response of a closed connection.
    if (delays.length === 0 || (this.#isClosed && moment === 'after')) this.#strike(moment, onward)
    else this.#delay(delays, moment, () => this.#strike(moment, onward))
  }

  #delay(delays: readonly [Rule, Act<'delay'>][], moment: Moment, onward: () => void): void {
    const ms = delays.reduce((sum, [, act]) => sum + act.ms, 0)
    this.#record(moment, { act: 'delay', ms })
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      for (const [{ delayed }] of delays) delayed.delete(endIfFree)
      onward()
    }
    const endIfFree = () => {
      if (!delays.some(([{ isActive }]) => isActive)) end()
    }
    for (const [{ delayed }] of delays) delayed.add(endIfFree)
    this.#options.after(ms, end)
  }

  #strike(moment: Moment, onward: () => void): void {
    const kill = this.#acts('kill', moment).find(([rule]) => !rule.hasKilled)
    if (kill) this.#kill(kill, moment, onward)
    else this.#end(moment, onward)
  }

  #kill([rule, { node, window }]: [Rule, Act<'kill'>], moment: Moment, onward: () => void): void {
    rule.hasKilled = true
    this.#record(moment, { act: 'kill', victim: node })
    void this.#options.kill(node, window).then(() => {
      if (node !== 'server' && moment === 'before') this.#end(moment, onward)
      else if (!this.#isClosed) this.#carrier.reset()
    })
  }

  #end(moment: Moment, onward: () => void): void {
    // The device no longer waits, but what it sent is on its way.
    if (this.#isClosed && moment === 'after') return
    const [reset] = this.#acts('reset', moment)
    const [respond] = this.#acts('respond', moment)
    const [lost] = this.#acts('lose-response', moment)
    if (lost) {
      this.#record(moment, { act: 'lose-response' })
      this.#hold(lost)
    } else if (reset) {
      this.#record(moment, { act: 'reset' })
      this.#carrier.reset()
    } else if (respond) {
      const { replacement } = respond[1]
      const { status } = replacement
      const body = sentBody(replacement, moment)
      this.#record(moment, { act: 'respond', ...(status !== undefined && { status }), body })
      this.#carrier.respond(replacement)
    } else onward()
  }

  #hold([rule, { breakAfter }]: [Rule, Act<'lose-response'>]): void {
    rule.held.add(this.#carrier)
    if (breakAfter === undefined) return
    this.#options.after(breakAfter, () => {
      if (rule.held.delete(this.#carrier)) this.#carrier.reset()
    })
  }

  #acts<Type extends InterceptionAct['type']>(type: Type, moment: Moment): [Rule, Act<Type>][] {
    return this.#rules.flatMap((rule): [Rule, Act<Type>][] => {
      const { act } = rule.interception
      // Only a response can be lost.
      const actsAt = act.type === 'lose-response' ? 'after' : act.moment
      const isMeant = rule.isActive && act.type === type && actsAt === moment
      return isMeant ? [[rule, act as Act<Type>]] : []
    })
  }

  #record(
    moment: Moment,
    done: Omit<Extract<EventBody, { type: 'intercepted' }>, 'type' | 'requestId' | 'moment'>,
  ): void {
    const { requestId } = this.#request
    if (requestId !== undefined)
      this.#options.emit({ type: 'intercepted', requestId, moment, ...done })
  }
}
