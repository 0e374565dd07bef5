import { z } from 'zod'
import type { Performed } from '../../core/client.ts'
import { bodySchemas, type EventBody, type EventType, type ShownView } from '../../core/event.ts'
import { type Checked, checkReport, type Flaw, flawAt, isThenable } from '../../core/flaw.ts'
import { observeDump, observeView } from '../../core/observe.ts'
import type { HttpResponse } from '../../core/ports/http.ts'
import {
  acceptedSchema,
  dumpSchema,
  refusedSchema,
  responseSchema,
  settledSchema,
  viewSchema,
} from '../../core/report-schemas.ts'
import type { ServerDump } from '../../core/server.ts'

/** The most invalid reports of one incarnation that are recorded. Further ones are dropped. */
export const INVALID_MAX = 50

const CLIENT: readonly EventType[] = ['localCommit', 'ackApplied', 'cursorSaved', 'note']
const SERVER: readonly EventType[] = ['serverCommit', 'serverOutcome', 'serverState']
const PROCESS: readonly EventType[] = ['error', 'log', 'freeze', 'invalid']
const ACTION: readonly EventType[] = ['saved', 'refused', 'settled']
const HTTP: readonly EventType[] = ['request', 'response']
const SCREEN: readonly EventType[] = ['viewRequested', 'view']

/** The types of events that each kind of reporter may report. */
const REPORTED = {
  /** Client code beside its host, which reports the rest. */
  client: CLIENT,
  /** Server code beside its host, which reports the rest. */
  server: SERVER,
  /** A device's process, with or without a host of ours in it. */
  device: [...CLIENT, ...ACTION, ...HTTP, ...SCREEN, ...PROCESS],
  'server process': [...SERVER, 'serverReceived', 'serverResponded', ...PROCESS],
} satisfies Record<string, readonly EventType[]>

const typeSchema = z.object({ type: z.string() })

export interface IntakeOptions {
  readonly from: keyof typeof REPORTED
  readonly record: (event: EventBody) => void
  /**
   * Returns true if the person has performed the operation on this device. Default: not checked,
   * because earlier incarnations are not known here.
   */
  readonly isPerformed?: ((opId: string) => boolean) | undefined
}

/**
 * Checks all reports of one incarnation of a client or a server, in every world, before they are
 * recorded. Records a valid one, without the fields that nobody knows. In the place of an invalid
 * one it records an `invalid` event, which makes the run `unknown`. Never throws.
 */
export class Intake {
  readonly #options: IntakeOptions
  readonly #types: readonly string[]
  #invalid = 0

  constructor(options: IntakeOptions) {
    this.#options = options
    this.#types = REPORTED[options.from]
  }

  /** Records an event. Returns it as it was recorded; undefined if it is invalid. */
  event(event: unknown): EventBody | undefined {
    const type = this.#typeOf(event)
    const schema = type === undefined ? undefined : bodySchemas.get(type)
    if (!schema) return undefined
    const body = this.#valid(`the event ${type}`, checkReport(schema, event))
    if (!body || !this.#isOfThisDevice(body)) return undefined
    if (body.type === 'invalid' && ++this.#invalid > INVALID_MAX) return undefined
    this.#options.record(body)
    return body
  }

  /** Returns a view as it is to be recorded; undefined if there is none, or an invalid one. */
  view(view: unknown): ShownView | undefined {
    if (view === undefined) return undefined
    const valid = this.#valid('a view', checkReport(viewSchema, view))
    return valid && observeView(valid)
  }

  /** Returns the promises that `perform` returned, without those that are none. */
  performed(opId: string, performed: unknown): Partial<Performed> {
    const what = `the result of perform(${opId})`
    if (typeof performed !== 'object' || performed === null || isThenable(performed)) {
      this.invalid(what, flawAt([], performed, 'an object with the promise saved'))
      return {}
    }
    const { saved, settled } = performed as Record<string, unknown>
    const isPromise = (name: string, value: unknown) => {
      if (isThenable(value)) return true
      this.invalid(what, flawAt([name], value, 'a promise'))
      return false
    }
    return {
      // A promise of another library may lack `catch`.
      ...(isPromise('saved', saved) && { saved: Promise.resolve(saved as Performed['saved']) }),
      ...(settled !== undefined &&
        isPromise('settled', settled) && { settled: settled as Promise<never> }),
    }
  }

  /** Records the value to which `saved` resolved. */
  saved(opId: string, saved: unknown): void {
    const isRefusal =
      typeof saved === 'object' &&
      saved !== null &&
      (saved as { refused?: unknown }).refused !== undefined
    const what = `saved of ${opId}`
    if (isRefusal) {
      const valid = this.#valid(what, checkReport(refusedSchema, saved))
      if (valid) this.#options.record({ type: 'refused', opId, reason: valid.refused })
    } else {
      const valid = this.#valid(what, checkReport(acceptedSchema, saved))
      if (valid) this.#options.record({ type: 'saved', opId, durable: valid.durable })
    }
  }

  /** Records the value to which `settled` resolved. */
  settled(opId: string, settled: unknown): void {
    const valid = this.#valid(`settled of ${opId}`, checkReport(settledSchema, settled))
    if (!valid) return
    const { outcome, reason } = valid
    this.#options.record({
      type: 'settled',
      opId,
      outcome,
      ...(reason !== undefined && { reason }),
    })
  }

  /** Returns a server's dump; undefined if it is invalid. */
  dump(dump: unknown): ServerDump | undefined {
    return this.#valid('its dump', checkReport(dumpSchema, dump))
  }

  /** Records what a server holds. */
  state(dump: ServerDump): void {
    this.#options.record(observeDump(dump))
  }

  /** Returns a server's response; undefined if it is invalid. */
  response(request: string, response: unknown): HttpResponse | undefined {
    return this.#valid(`the response to ${request}`, checkReport(responseSchema, response))
  }

  /** Records that a report is invalid. */
  invalid(what: string, { received, expected }: Flaw): void {
    if (++this.#invalid > INVALID_MAX) return
    this.#options.record({ type: 'invalid', what, received, expected })
  }

  #typeOf(event: unknown): string | undefined {
    const type = checkReport(typeSchema, event)
    const known = this.#types.join(', ')
    if ('flaw' in type) this.invalid('an event', type.flaw)
    else if (this.#types.includes(type.value.type)) return type.value.type
    else this.invalid('an event', flawAt(['type'], type.value.type, `one of ${known}`))
    return undefined
  }

  #isOfThisDevice(event: EventBody): boolean {
    if (!JOINED_BY_OPERATION.has(event.type) || !('opId' in event)) return true
    const { opId } = event
    if (opId === undefined || (this.#options.isPerformed?.(opId) ?? true)) return true
    const expected = 'an operation that was performed on this device'
    this.invalid(`the event ${event.type}`, flawAt(['opId'], opId, expected))
    return false
  }

  #valid<Value>(what: string, checked: Checked<Value>): Value | undefined {
    if ('value' in checked) return checked.value
    this.invalid(what, checked.flaw)
    return undefined
  }
}

/** Events that report on an operation of this device. A note may be about any. */
const JOINED_BY_OPERATION: ReadonlySet<EventType> = new Set(['localCommit', ...ACTION])
