import type { Interception } from '../core/interception.ts'
import type { GatewayRequest } from './gateway-request.ts'
import { type Carrier, type GatewayOptions, Passage, type Rule } from './passage.ts'
import { requestMatches } from './request-matches.ts'

const NONE: readonly Rule[] = []

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

  hasKilled(node: string): boolean {
    return [...this.#rules.values()].some(
      ({ hasKilled, interception: { act } }) =>
        hasKilled && act.type === 'kill' && act.node === node,
    )
  }

  /** True while there is an interception: then a request may be answered without the server. */
  get isActive(): boolean {
    return this.#rules.size > 0
  }

  /** Runs a task after this many scenario milliseconds. */
  after(ms: number, task: () => void): void {
    this.#options.after(ms, task)
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
      const { match, act } = rule.interception
      // Nobody can respond to a message.
      if (request.method === 'MESSAGE' && act.type === 'respond') return false
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
