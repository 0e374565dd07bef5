import type { DevToolsEvent, DevToolsPipe } from './pipe.ts'

/** In real milliseconds: for Chromium to dispatch what is due when a device is online again. */
const OWN_TURN_MS = 300

/** A `sync` event, as the DevTools protocol names it. */
interface SyncEvent {
  readonly origin: string
  readonly registrationId: string
  readonly tag: string
}

/**
 * The `sync` events of Background Sync. Chromium dispatches them itself: at once while the device
 * is online, and later while it is not. With an exception: a browser that starts while the device
 * is offline sees the machine's own network, and dispatches what waits from before. That fails, and
 * counts as an attempt, so Chromium would wait minutes for the next. A browser on a phone would
 * dispatch it when the phone is online: this class does so over the DevTools protocol.
 */
export class SyncEvents {
  readonly #pipe: DevToolsPipe
  readonly #startedAt = Date.now() / 1000
  /** The events that came too early, by registration and tag. */
  readonly #early = new Map<string, SyncEvent>()
  #page: string | undefined
  #online: boolean

  constructor(pipe: DevToolsPipe, online: boolean) {
    this.#pipe = pipe
    this.#online = online
  }

  /** Observes the events through the session of a page. */
  observe(page: string): void {
    if (this.#page !== undefined) return
    this.#page = page
    const service = 'backgroundSync'
    this.#send('ServiceWorker.enable')
    this.#send('BackgroundService.setRecording', { service, shouldRecord: true })
    this.#send('BackgroundService.startObserving', { service })
  }

  onEvent({ method, params, sessionId }: DevToolsEvent): void {
    if (method !== 'BackgroundService.backgroundServiceEventReceived') return
    if (sessionId !== this.#page) return
    const event = params.backgroundServiceEvent as BackgroundServiceEvent
    // Events of earlier incarnations are shown again.
    if (event.eventName !== 'Dispatched sync event' || event.timestamp < this.#startedAt) return
    const { serviceWorkerRegistrationId: registrationId, instanceId: tag } = event
    const origin = event.origin.replace(/\/$/, '')
    if (this.#online) this.#early.delete(keyOf({ origin, registrationId, tag }))
    else this.#early.set(keyOf({ origin, registrationId, tag }), { origin, registrationId, tag })
  }

  /** Must be called when the network has changed. */
  setOnline(online: boolean): void {
    const comesBack = online && !this.#online
    this.#online = online
    if (comesBack && this.#early.size > 0) setTimeout(() => this.#dispatch(), OWN_TURN_MS)
  }

  /** Dispatches the early events that Chromium has not dispatched again meanwhile. */
  #dispatch(): void {
    if (!this.#online) return
    for (const event of this.#early.values())
      this.#send('ServiceWorker.dispatchSyncEvent', { ...event, lastChance: false })
    this.#early.clear()
  }

  #send(method: string, params: object = {}): void {
    this.#pipe.send(method, params, this.#page).catch(() => {})
  }
}

interface BackgroundServiceEvent {
  /** In seconds since 1970. */
  readonly timestamp: number
  /** 'http://127.0.0.1:4711/' */
  readonly origin: string
  readonly serviceWorkerRegistrationId: string
  readonly eventName: string
  readonly instanceId: string
}

const keyOf = ({ registrationId, tag }: SyncEvent) => JSON.stringify([registrationId, tag])
