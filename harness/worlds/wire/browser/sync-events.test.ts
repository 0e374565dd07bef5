import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { DevToolsPipe } from './pipe.ts'
import { SyncEvents } from './sync-events.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function observed(online: boolean) {
  const dispatched: object[] = []
  const pipe = {
    send: async (method: string, params: object) => {
      if (method === 'ServiceWorker.dispatchSyncEvent') dispatched.push(params)
    },
  } as unknown as DevToolsPipe
  const events = new SyncEvents(pipe, online)
  events.observe('page')
  /** Chromium dispatches an event by itself. */
  const fires = (tag: string, ageMs = 0) =>
    events.onEvent({
      method: 'BackgroundService.backgroundServiceEventReceived',
      sessionId: 'page',
      params: {
        backgroundServiceEvent: {
          timestamp: (Date.now() - ageMs) / 1000,
          origin: 'http://127.0.0.1:4711/',
          serviceWorkerRegistrationId: '7',
          eventName: 'Dispatched sync event',
          instanceId: tag,
        },
      },
    })
  return { events, fires, dispatched }
}

it('dispatches what came too early once the device is online', () => {
  const { events, fires, dispatched } = observed(false)
  fires('outbox')
  events.setOnline(true)
  vi.runAllTimers()
  expect(dispatched).toEqual([
    { origin: 'http://127.0.0.1:4711', registrationId: '7', tag: 'outbox', lastChance: false },
  ])
  events.setOnline(false)
  events.setOnline(true)
  vi.runAllTimers()
  expect(dispatched.length).toBe(1)
})

it('leaves it to Chromium if that dispatches the event itself', () => {
  const { events, fires, dispatched } = observed(false)
  fires('outbox')
  events.setOnline(true)
  fires('outbox')
  vi.runAllTimers()
  expect(dispatched).toEqual([])
})

it('dispatches nothing that fired online, or in an earlier incarnation', () => {
  const { events, fires, dispatched } = observed(true)
  fires('outbox')
  events.setOnline(false)
  fires('outbox', 60_000)
  events.setOnline(true)
  vi.runAllTimers()
  expect(dispatched).toEqual([])
})

it('waits for the network to be back for good', () => {
  const { events, fires, dispatched } = observed(false)
  fires('outbox')
  events.setOnline(true)
  events.setOnline(false)
  vi.runAllTimers()
  expect(dispatched).toEqual([])
  events.setOnline(true)
  vi.runAllTimers()
  expect(dispatched.length).toBe(1)
})
