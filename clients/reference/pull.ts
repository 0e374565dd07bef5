import type { Clock } from '../../harness/core/ports/clock.ts'
import {
  type Abort,
  type Http,
  HttpError,
  type HttpResponse,
} from '../../harness/core/ports/http.ts'
import type { ChangesResponse } from '../../server-stub/protocol/changes.ts'
import type { Device } from './device.ts'
import { committed } from './ends.ts'
import type { Outcome } from './lane.ts'
import type { Ledger, Unit } from './ledger.ts'
import { readPullAnswer } from './pull-answer.ts'
import { confirm, cursorOf, sweep } from './records.ts'
import type { CursorRow } from './schema.ts'
import { SETTINGS } from './settings.ts'

interface PullSetup {
  readonly ledger: Ledger
  readonly device: Device
  readonly clock: Clock
  readonly http: Http
  readonly headers: Readonly<Record<string, string>>
}

/** Takes over what the server knows, page by page. It never touches what is pending. */
export class Pull {
  readonly #setup: PullSetup

  constructor(setup: PullSetup) {
    this.#setup = setup
  }

  async attempt(abort: Abort): Promise<Outcome> {
    const { ledger, clock, http, headers } = this.#setup
    const asked = ledger.read(cursorOf)
    let response: HttpResponse
    try {
      response = await http.request(
        { method: 'GET', path: pathFor(asked), headers, deadline: SETTINGS.deadline },
        abort,
      )
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      return { type: 'failed' }
    }
    const read = readPullAnswer(response, asked, clock.wall())
    if (read.type === 'page') return this.#apply(asked, read.page)
    if (read.type === 'resync') {
      ledger.commit((unit) => {
        if (same(cursorOf(unit), asked))
          unit.cursors.put({ ...asked, epoch: read.epoch, cursor: 0, complete: false, full: true })
      })
      return { type: 'more' }
    }
    // Nothing can be wrong with a pull that waiting would not mend.
    return read.type === 'refused' ? { type: 'failed' } : read
  }

  #apply(asked: CursorRow, page: ChangesResponse): Outcome {
    const { ledger } = this.#setup
    const more: Outcome = { type: page.more ? 'more' : 'done' }
    const fromNothing = asked.cursor === 0
    // The poll mostly brings nothing, which needs no transaction.
    const idle =
      asked.complete &&
      page.changes.length === 0 &&
      page.epoch === asked.epoch &&
      page.next === asked.cursor
    if (
      idle &&
      !(fromNothing && ledger.read(({ records }) => records.all().some((row) => row.confirmed)))
    )
      return more
    return ledger.commit((unit) => {
      // A push found out meanwhile that the server began a new epoch: this page is of the old one.
      if (!same(cursorOf(unit), asked)) return { type: 'more' }
      const full = fromNothing || asked.full
      const round = fromNothing ? asked.round + 1 : asked.round
      for (const change of page.changes) this.#take(unit, change, page.epoch, round)
      const reached: CursorRow = {
        name: 'cursor',
        epoch: page.epoch,
        cursor: page.next,
        complete: !page.more,
        full: full && page.more,
        round,
      }
      if (full && !page.more) sweep(unit, reached)
      unit.cursors.put(reached)
      unit.record({
        type: 'cursorSaved',
        epoch: page.epoch,
        cursor: page.next,
        complete: !page.more,
        full,
        rows: page.changes.map(({ collection, record, version, deleted }) => ({
          collection,
          record,
          version,
          deleted,
        })),
      })
      return more
    })
  }

  #take(
    unit: Unit,
    change: ChangesResponse['changes'][number],
    epoch: string,
    round: number,
  ): void {
    confirm(unit, change, epoch, round)
    // A write of our own that came back this way before its ack: it is known to have arrived, whatever its requests still say.
    const [entry] = change.key === undefined ? [] : unit.outbox.by('key', { prefix: change.key })
    if (entry) committed(unit, this.#setup.device, entry, 'applied', change)
  }
}

function pathFor({ epoch, cursor, full }: CursorRow): string {
  const since = cursor > 0 ? `epoch=${encodeURIComponent(epoch)}&` : ''
  return `/changes?${since}after=${cursor}&limit=${SETTINGS.page}${cursor > 0 && full ? '&full=1' : ''}`
}

function same(a: CursorRow, b: CursorRow): boolean {
  return a.epoch === b.epoch && a.cursor === b.cursor && a.round === b.round
}
