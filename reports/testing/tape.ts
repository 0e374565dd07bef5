import type { Capabilities } from '../../harness/core/capabilities.ts'
import type { EventBody, ShownRow } from '../../harness/core/event.ts'
import { History } from '../../harness/core/history.ts'
import { historyHead } from '../../harness/core/history-head.ts'
import { canonical } from '../../harness/core/json.ts'
import type { Scenario } from '../../harness/core/scenario.ts'

/** A history written by hand: events are added in time order, and read back through the file format, so they are valid. */
export class Tape {
  readonly #lines: string[]
  #seq = 0

  constructor(
    scenario: Scenario,
    setting: {
      client: string
      server: string
      world: string
      seed?: number
      capabilities?: Partial<Capabilities>
    },
  ) {
    const { client, server, world, seed = 7, capabilities } = setting
    const timeScale = world === 'sim' ? 1 : 40
    const head = historyHead(
      {
        scenario,
        client: { name: client, capabilities: { ...ALL, ...capabilities } },
        server: { name: server },
        seed,
        timeScale,
      },
      world,
    )
    this.#lines = [canonical(head)]
  }

  /** Returns the event's seq, for evidence. */
  add(t: number, node: string, body: EventBody): number {
    this.#lines.push(canonical({ ...body, seq: this.#seq, t, node }))
    return this.#seq++
  }

  /** A request that the server got and answered: its four moments and, between them, what the server did. Returns their seqs. */
  trip(
    from: number,
    node: string,
    call: {
      req: string
      method: string
      path: string
      ops?: string[]
      key?: string
      attempt?: number
      status?: number
      took?: number
      lost?: 'answer'
    },
    inside: (t: number) => void = () => {},
  ) {
    const { req, method, path, ops = [], key, attempt = 1, status = 200, took = 240, lost } = call
    const about = key === undefined ? {} : { about: [{ key, attempt }] }
    const sent = this.add(from, node, {
      type: 'request',
      req,
      method,
      path,
      bytes: 200,
      ops,
      ...about,
    })
    this.add(from + took / 2, 'server', { type: 'serverReceived', req })
    inside(from + took / 2)
    const answered = this.add(from + took / 2 + 2, 'server', {
      type: 'serverResponded',
      req,
      status,
    })
    if (lost)
      return {
        sent,
        answered,
        end: this.add(from + 10_000, node, { type: 'response', req, outcome: 'timeout' }),
      }
    return {
      sent,
      answered,
      end: this.add(from + took, node, {
        type: 'response',
        req,
        outcome: 'response',
        status,
        bytes: 180,
      }),
    }
  }

  /** A request that reached nobody. */
  refused(
    t: number,
    node: string,
    call: {
      req: string
      method: string
      path: string
      ops?: string[]
      key?: string
      attempt?: number
    },
  ): number {
    const { req, method, path, ops = [], key, attempt = 1 } = call
    const about = key === undefined ? {} : { about: [{ key, attempt }] }
    const sent = this.add(t, node, {
      type: 'request',
      req,
      method,
      path,
      bytes: 200,
      ops,
      ...about,
    })
    this.add(t + 3, node, { type: 'response', req, outcome: 'refused' })
    return sent
  }

  view(t: number, node: string, rows: readonly ShownRow[], allSynced?: boolean): number {
    return this.add(t, node, {
      type: 'view',
      view: { rows: [...rows], ...(allSynced !== undefined && { allSynced }) },
    })
  }

  history(): History {
    return History.parse(`${this.#lines.join('\n')}\n`, 'a tape')
  }
}

const ALL: Capabilities = {
  collections: ['messages', 'notes'],
  update: true,
  delete: true,
  cancel: true,
  statuses: true,
  outbox: true,
  cursor: true,
  versions: true,
  allSynced: true,
  conflicts: true,
  ordered: true,
  recovery: 60_000,
}

export const row = (
  op: string,
  record: string,
  text: string,
  status?: ShownRow['status'],
  version?: number,
): ShownRow => ({
  collection: 'messages',
  record,
  id: record,
  op,
  text,
  hash: `hash-of-${op}`,
  ...(status && { status }),
  ...(version !== undefined && { version }),
})
