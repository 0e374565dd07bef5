/**
 * Builds histories by hand, for tests of code that reads histories: one chained method per event.
 *
 * An operation is named after its device (`ana-1`), its idempotency key is `k-ana-1`. Versions,
 * revisions and commit positions count up. A method that adds an event with optional fields accepts
 * them as its last argument; they override the defaults.
 *
 * @example
 * const history = tinyHistory({ policy: 'server-wins' })
 *   .create('ana-1', 'm1', 'Hi')
 *   .accept('ana-1')
 *   .commit('ana-1')
 *   .as('first')
 *   .commit('ana-1')
 *   .as('second')
 * expect(history.findings(exactlyOnce)[0]?.evidence).toEqual([
 *   history.seq('first'),
 *   history.seq('second'),
 * ])
 *
 * @module
 */
import type { EventOf } from '../core/event.ts'
import { History } from '../core/history.ts'
import type { Finding, Invariant, Judgement } from '../core/invariant.ts'
import type { Fields } from './event-writer.ts'
import { type HistorySetting, headOf } from './history-setting.ts'
import { deviceOf } from './notation.ts'
import { ServerEvents } from './server-events.ts'

/** A fault as a history records it. `id` distinguishes several windows of one fault. */
interface FaultWindow {
  readonly name: string
  readonly caption: string
  readonly nodes: readonly string[]
  readonly id?: number
}

/** Begins a history. */
export function tinyHistory(setting: HistorySetting = {}): HistoryBuilder {
  return new HistoryBuilder(setting)
}

/** A history under construction; see the module's documentation. */
export class HistoryBuilder extends ServerEvents {
  readonly #incarnations = new Map<string, number>()

  /** A push that succeeds: request, commit, response, acknowledgement. */
  deliver(opId: string): this {
    const requestId = `req-${opId}`
    return this.request(deviceOf(opId), requestId, [opId])
      .received(requestId)
      .commit(opId)
      .outcome(opId, 'applied', { requestId })
      .response(deviceOf(opId), requestId)
      .ack(opId)
  }

  /**
   * A request and its response, `tookMs` apart. `atServer` adds the server's events in between.
   * With `responseLost` the server responds, but the client times out after 10 s.
   */
  roundTrip(
    device: string,
    requestId: string,
    opIds: readonly string[] = [],
    options: {
      readonly tookMs?: number
      readonly status?: number
      readonly responseLost?: boolean
      readonly fields?: Fields<'request'>
      readonly atServer?: (history: HistoryBuilder) => void
    } = {},
  ): this {
    const { tookMs = 240, status = 200, responseLost = false, fields, atServer } = options
    const sentMs = this.events.nextAtMs
    const receivedMs = sentMs + tookMs / 2
    this.request(device, requestId, opIds, fields).at(receivedMs).received(requestId)
    if (atServer) atServer(this.at(receivedMs))
    this.at(Math.max(receivedMs + 2, this.events.all.at(-1)?.t ?? 0)).responded(requestId, status)
    return responseLost
      ? this.at(sentMs + 10_000).response(device, requestId, 'timeout')
      : this.at(sentMs + tookMs).response(device, requestId, status)
  }

  /** The app dies: killed by the scenario, unless `by` is 'itself'. */
  crash(device: string, { by = 'scenario', ...more }: Fields<'crash'> = {}): this {
    const incarnation = this.#incarnations.get(device) ?? 1
    this.#incarnations.set(device, incarnation)
    return this.add(device, { type: 'crash', incarnation, by, ...more })
  }

  /** The app starts: incarnation 1, or the next one after a crash. */
  start(device: string, incarnation = (this.#incarnations.get(device) ?? 0) + 1): this {
    this.#incarnations.set(device, incarnation)
    return this.add(device, { type: 'start', incarnation })
  }

  /** A fault begins (true) or ends (false). */
  fault(on: boolean, { name, caption, nodes, id = 0 }: FaultWindow): this {
    return this.add('harness', { type: 'fault', id, name, caption, nodes: [...nodes], on })
  }

  /** The operating system reports that the device is online or offline. */
  connectivity(device: string, online: boolean): this {
    return this.add(device, { type: 'connectivity', online })
  }

  /** A phase of the run begins. */
  phase(phase: EventOf<'phase'>['phase']): this {
    return this.add('harness', { type: 'phase', phase })
  }

  /** Heals everything, lets the system settle for `ms`, and begins to read the replicas. */
  heal(ms = 20_000): this {
    this.phase('heal').phase('settle')
    const settleMs = this.events.all.at(-1)?.t ?? 0
    return this.at(settleMs + ms).phase('read')
  }

  /** Returns the history, parsed from its file format: throws a Problem on an invalid event. */
  build(): History {
    const history = new History(headOf(this.setting), this.events.all)
    return History.parse(history.toJsonl(), 'a history written by hand')
  }

  /** Returns the invariant's judgement of the history. */
  check(invariant: Invariant): Judgement {
    return invariant.check(this.build())
  }

  /** Returns the invariant's findings in the history. */
  findings(invariant: Invariant): readonly Finding[] {
    return this.check(invariant).findings
  }
}
