import type { EventBody, EventOf, EventType, ShownView } from './event.ts'
import { isEqualJson } from './json.ts'

/**
 * Events that a system at rest goes on recording. The requests among them are judged by their
 * operations and their outcome.
 */
const IDLE: ReadonlySet<EventType> = new Set<EventType>([
  'request',
  'serverReceived',
  'serverResponded',
  'viewRequested',
  'log',
])

interface DeviceActivity {
  /** The requests without an end, with the instants at which they were sent. */
  readonly open: Map<string, { readonly t: number; readonly carriesWrites: boolean }>
  /** When the last request was sent that got a response; undefined before the first. */
  askedAt: number | undefined
  view: ShownView | undefined
  showsWaiting: boolean
  /** The number of the last `viewRequested`, while no view has answered it. */
  viewRequest: number | undefined
}

/**
 * Watches the events of a stage for the moment at which all has come to rest. Worlds pass it every
 * event, and answer {@link Stage.restingSince} from it.
 */
export class Activity {
  readonly #devices: ReadonlyMap<string, DeviceActivity>
  #lastActivity = 0

  constructor(devices: readonly string[]) {
    this.#devices = new Map(
      devices.map((name) => [
        name,
        {
          open: new Map(),
          askedAt: undefined,
          view: undefined,
          showsWaiting: false,
          viewRequest: undefined,
        },
      ]),
    )
  }

  see(event: EventBody, t: number, node: string): void {
    const device = this.#devices.get(node)
    const active = device ? deviceIsActive(device, event, t) : !IDLE.has(event.type)
    if (active) this.#lastActivity = Math.max(this.#lastActivity, t)
  }

  /**
   * Returns the instant of the last event that matters. Undefined while something is under way: an
   * open request, a screen that shows a write waiting, or a device that has not yet asked the
   * server, with success, for what that event may have brought.
   */
  restingSince(): number | undefined {
    for (const { open, askedAt, showsWaiting, viewRequest } of this.#devices.values()) {
      if (open.size > 0 || viewRequest !== undefined || showsWaiting) return undefined
      if (askedAt === undefined || askedAt < this.#lastActivity) return undefined
    }
    return this.#lastActivity
  }
}

/** Updates what is known of the device, and returns true if the event matters. */
function deviceIsActive(device: DeviceActivity, event: EventBody, t: number): boolean {
  switch (event.type) {
    case 'start':
    case 'crash':
      device.open.clear()
      device.viewRequest = undefined
      return true
    case 'request': {
      const carriesWrites = event.opIds.length > 0 || (event.about ?? []).length > 0
      device.open.set(event.requestId, { t, carriesWrites })
      return carriesWrites
    }
    case 'response':
      return responseIsActive(device, event)
    case 'viewRequested':
      device.viewRequest = event.request
      return false
    case 'view': {
      const { view: last, viewRequest } = device
      device.view = event.view
      device.showsWaiting = showsWaiting(event.view)
      if (event.request === viewRequest) device.viewRequest = undefined
      return last === undefined || !isEqualJson(event.view, last)
    }
    case 'cursorSaved':
      return event.rows.length > 0 || !event.complete || event.full
    default:
      return !IDLE.has(event.type)
  }
}

/** Only an idle poll that succeeds does not matter. */
function responseIsActive(
  device: DeviceActivity,
  { requestId, outcome, status = 0 }: Pick<EventOf<'response'>, 'requestId' | 'outcome' | 'status'>,
): boolean {
  const request = device.open.get(requestId)
  device.open.delete(requestId)
  const succeeded = outcome === 'sent' || (outcome === 'response' && status < 400)
  if (!request) return !succeeded
  if (succeeded) device.askedAt = Math.max(device.askedAt ?? 0, request.t)
  return request.carriesWrites || !succeeded
}

function showsWaiting({ pending = 0, allSynced, rows, outbox = [] }: ShownView): boolean {
  return (
    pending > 0 ||
    allSynced === false ||
    rows.some(({ status }) => status === 'pending') ||
    outbox.some(({ state }) => state === 'pending')
  )
}
