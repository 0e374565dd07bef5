import type { EventBody } from '../core/event.ts'
import type { Interception, InterceptionAct, Moment, Replacement } from '../core/interception.ts'
import type { GatewayRequest } from './gateway-request.ts'
import { requestMatches } from './request-matches.ts'

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

interface Rule {
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

/**
 * Decides what happens to each request between the links and the server, while a scenario's
 * interceptions are there. The decisions are the same in both worlds: a world only carries them
 * out.
 *
 * ```
 * arrived ─▶ before: delay, kill, then respond or reset ─▶ forward ─▶ server
 *                                                                       │
 *    pass ◀─ after: delay, kill, then respond, reset or lose ◀─ answered ┘
 * ```
 */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #rules = new Map<string, Rule>()

  constructor(options: GatewayOptions) {
    this.#options = options
  }

  add(name: string, interception: Interception): void {
    this.#rules.set(name, {
      interception,
      matched: 0,
      over: new Set(),
      hasKilled: false,
      held: new Set(),
      delayed: new Set(),
      isActive: true,
    })
  }

  /**
   * Removes an interception: what it delays goes on, the connections whose responses it has lost
   * break, and it no longer acts on requests that are under way.
   */
  remove(name: string): void {
    const rule = this.#rules.get(name)
    if (!rule) return
    this.#rules.delete(name)
    rule.isActive = false
    const { held, delayed } = rule
    const [lost, waiting] = [[...held], [...delayed]]
    held.clear()
    delayed.clear()
    for (const carrier of lost) carrier.reset()
    for (const goOn of waiting) goOn()
  }

  /** True if a request may be answered without the server. */
  get isActive(): boolean {
    return this.#rules.size > 0
  }

  /** Must be called when a whole request has arrived. Calls the carrier, at once or later. */
  arrived(request: GatewayRequest, carrier: Carrier): Passage {
    const rules = this.#rules.size === 0 ? NONE : this.#matching(request)
    const passage = new Passage(request, carrier, rules, this.#options, () =>
      this.#succeeded(request),
    )
    passage.begin()
    return passage
  }

  #matching(request: GatewayRequest): Rule[] {
    const all = [...this.#rules.values()]
    const isExempt = (rule: Rule) =>
      rule.over.has(request.device) ||
      (rule.interception.until && requestMatches(rule.interception.until, request))
    return all.filter((rule) => {
      const { match } = rule.interception
      if (isExempt(rule) || !requestMatches(match, request)) return false
      rule.matched++
      return match.nth === undefined || match.nth === rule.matched
    })
  }

  #succeeded(request: GatewayRequest): void {
    for (const { interception, over } of this.#rules.values())
      if (interception.until && requestMatches(interception.until, request))
        over.add(request.device)
  }
}

const NONE: readonly Rule[] = []

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

  /** False: nothing happens to the response either, so it need not be held back. */
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
      if (status >= 200 && status < 300) this.#onSuccess()
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
    const lost = moment === 'after' ? this.#acts('lose-response', undefined)[0] : undefined
    if (lost) {
      this.#record(moment, { act: 'lose-response' })
      this.#hold(lost)
    } else if (reset) {
      this.#record(moment, { act: 'reset' })
      this.#carrier.reset()
    } else if (respond) {
      const { replacement } = respond[1]
      const { status } = replacement
      this.#record(moment, { act: 'respond', ...(status !== undefined && { status }) })
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

  #acts<Type extends InterceptionAct['type']>(
    type: Type,
    moment: Moment | undefined,
  ): [Rule, Act<Type>][] {
    return this.#rules.flatMap((rule): [Rule, Act<Type>][] => {
      const { act } = rule.interception
      const isMeant =
        rule.isActive && act.type === type && (!('moment' in act) || act.moment === moment)
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
