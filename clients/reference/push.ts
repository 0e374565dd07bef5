import type { Clock } from '../../harness/core/ports/clock.ts'
import {
  type Abort,
  type Http,
  HttpError,
  type HttpResponse,
} from '../../harness/core/ports/http.ts'
import type { PushResponse } from '../../server-stub/protocol/push.ts'
import { batchOf } from './batch.ts'
import type { Device } from './device.ts'
import { committed, lost, rejected } from './ends.ts'
import type { Outcome } from './lane.ts'
import type { Ledger, Unit } from './ledger.ts'
import { readPushAnswer } from './push-answer.ts'
import { confirmPushed, cursorOf } from './records.ts'
import type { OutboxRow } from './schema.ts'
import { SETTINGS } from './settings.ts'

interface PushSetup {
  readonly ledger: Ledger
  readonly device: Device
  readonly clock: Clock
  readonly http: Http
  readonly headers: Readonly<Record<string, string>>
}

/** Sends what is pending, batch by batch. */
export class Push {
  readonly #setup: PushSetup
  /** Halved while a whole batch is refused, to find the one item that is at fault; doubled again after each success. */
  #most: number = SETTINGS.batch.items

  constructor(setup: PushSetup) {
    this.#setup = setup
  }

  async attempt(abort: Abort): Promise<Outcome> {
    const { ledger, clock } = this.#setup
    const { entries, body } = ledger.read(({ outbox }) =>
      batchOf(outbox.by('state', { prefix: 'pending', limit: 20 * SETTINGS.batch.items }), {
        ...SETTINGS.batch,
        items: this.#most,
      }),
    )
    if (entries.length === 0) return { type: 'done' }
    // On disk before on the wire: after a kill nobody may take what was sent for unsent.
    ledger.commit((unit) =>
      mark(unit, entries, (now) => ({ attempts: now.attempts + 1, exposed: 1 })),
    )
    let response: HttpResponse
    try {
      response = await this.#send(entries, body, abort)
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      const untouched =
        error.failure === 'refused' ? entries.filter((entry) => entry.exposed === 0) : []
      if (untouched.length > 0)
        ledger.commit((unit) => mark(unit, untouched, () => ({ exposed: 0 })))
      return { type: 'failed' }
    }
    const read = readPushAnswer(response, entries, clock.wall())
    if (read.type === 'results') {
      this.#apply(entries, read.answer)
      this.#most = Math.min(SETTINGS.batch.items, this.#most * 2)
      return { type: 'more' }
    }
    if (read.type === 'failed') return read
    const [first, second] = entries
    if (first && second) this.#most = Math.ceil(entries.length / 2)
    else if (first) ledger.commit((unit) => park(unit, first, read.reason))
    return { type: 'more' }
  }

  #send(entries: readonly OutboxRow[], body: string, abort: Abort): Promise<HttpResponse> {
    const { http, headers } = this.#setup
    return http.request(
      {
        method: 'POST',
        path: '/push',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        deadline: SETTINGS.deadline,
        about: entries.map(({ key, attempts }) => ({ key, attempt: attempts + 1 })),
      },
      abort,
    )
  }

  #apply(entries: readonly OutboxRow[], { epoch, results }: PushResponse): void {
    const { ledger, device } = this.#setup
    ledger.commit((unit) => {
      const cursor = cursorOf(unit)
      const restored = cursor.epoch !== '' && cursor.epoch !== epoch
      // The server began a new epoch: what we know of the old one is learnt anew.
      if (restored) unit.cursors.put({ ...cursor, epoch, cursor: 0, complete: false, full: true })
      results.forEach(({ outcome, current, reason }, i) => {
        const sent = entries[i] as OutboxRow
        if (current) confirmPushed(unit, current, epoch)
        const entry = unit.outbox.get(sent.seq)
        // Compare and set: a pull may have ended it already. What was written since has a line of its own and is not touched.
        if (entry?.rev !== sent.rev) return
        // A server without a memory of keys takes a repeated write for a stale one; if it is ours that stands, it has not lost to anybody.
        if (current?.key === entry.key)
          committed(unit, device, entry, outcome === 'applied' ? 'applied' : 'duplicate', current)
        else if (outcome === 'conflict') lost(unit, entry, reason ?? 'another write stands')
        else if (outcome === 'rejected') rejected(unit, entry, reason ?? 'refused by the server')
        else committed(unit, device, entry, outcome, current)
      })
    })
  }
}

function mark(
  unit: Unit,
  entries: readonly OutboxRow[],
  change: (now: OutboxRow) => Partial<OutboxRow>,
): void {
  for (const { seq, key } of entries) {
    const now = unit.outbox.get(seq)
    if (now?.key === key) unit.outbox.put({ ...now, ...change(now) })
  }
}

function park(unit: Unit, sent: OutboxRow, reason: string): void {
  const entry = unit.outbox.get(sent.seq)
  if (entry?.key === sent.key && entry.state === 'pending') rejected(unit, entry, reason)
}
