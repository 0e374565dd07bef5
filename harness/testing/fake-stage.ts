import type { EventBody } from '../core/event.ts'
import { History } from '../core/history.ts'
import { historyHead } from '../core/history-head.ts'
import type { Interception } from '../core/interception.ts'
import type { ServerTells } from '../core/server.ts'
import { NORMAL_SERVER, type ServerState } from '../core/server-state.ts'
import { EPOCH_WALL } from '../core/time.ts'
import type { DeviceState, Setting, Stage, ToxicSpec, World } from '../core/world.ts'

/** The state of a fake stage. */
export interface FakeState {
  readonly devices: Record<string, DeviceState & { readonly running: boolean }>
  readonly links: Record<string, { enabled: boolean; toxics: Record<string, ToxicSpec> }>
  readonly interceptions: Record<string, Interception>
  server: ServerState & { readonly running: boolean }
}

export interface FakeStage extends Stage {
  /** All calls in order: 'ana start', 'server crashes after-commit'. */
  readonly calls: readonly string[]
  /** Returns a copy of the current state. */
  state(): FakeState
  /** Lets an interception kill the device that it is about. */
  strike(name: string): void
}

export interface FakeStageOptions {
  /** Default: a stage with the devices ana and ben, and without a history. */
  readonly setting?: Setting
  /** The list to which calls are added. Default: a new one. */
  readonly calls?: string[]
  /** Scenario milliseconds. Default: 0. */
  readonly strain?: number
  /** Default: writes. */
  readonly tells?: ServerTells
}

/**
 * Returns a stage that plays nothing: it lists the calls made to it and keeps the state that they
 * set. At first its devices and its server run, and its links are enabled.
 *
 * @example
 * ```ts
 * const stage = fakeStage()
 * await stage.link('ana').enable(false)
 * stage.calls // ['ana link down']
 * stage.state().links.ana?.enabled // false
 * ```
 */
export function fakeStage(options: FakeStageOptions = {}): FakeStage {
  const { setting, calls = [], strain = 0, tells = 'writes' } = options
  const names = setting?.scenario.devices.map(({ name }) => name) ?? ['ana', 'ben']
  const state: FakeState = {
    devices: Object.fromEntries(names.map((name) => [name, { running: true, ...CALM }])),
    links: Object.fromEntries(names.map((name) => [name, { enabled: true, toxics: {} }])),
    interceptions: {},
    server: { running: true, ...NORMAL_SERVER },
  }
  const events: { readonly body: EventBody; readonly node: string }[] = []
  let now = 0
  const call = (text: string) => {
    calls.push(text)
  }
  const change = (name: string, changed: Partial<FakeState['devices'][string]>) => {
    state.devices[name] = { ...known(state.devices, name), ...changed }
  }
  const struck = new Set<string>()
  const victimOf = (name: string) => {
    const act = state.interceptions[name]?.act
    return act?.type === 'kill' ? act.node : undefined
  }
  return {
    calls,
    strike: (name) => {
      struck.add(name)
      change(victimOf(name) ?? '', { running: false })
    },
    state: () => structuredClone(state),
    now: () => now,
    until: async (instant) => {
      now = Math.max(now, instant)
    },
    device: (name) => ({
      start: async () => {
        call(`${name} start`)
        change(name, { running: true })
      },
      kill: async () => {
        call(`${name} kill`)
        change(name, { running: false })
      },
      perform: (action) => call(`${name} ${action.opId}`),
      view: async () => call(`${name} view`),
      set: (changed) => {
        call(`${name} ${JSON.stringify(changed)}`)
        change(name, changed)
      },
    }),
    server: {
      tells,
      start: async () => {
        call('server start')
        state.server = { ...state.server, running: true }
      },
      kill: async () => {
        call('server kill')
        state.server = { ...state.server, running: false }
      },
      set: (changed) => {
        const points = changed.crashes?.map(({ at }) => at) ?? []
        call(`server crashes ${points.join(', ') || 'never'}`)
        state.server = { ...state.server, ...changed }
      },
      state: async () => state.server,
      dump: async () => call('server dump'),
    },
    link: (device) => ({
      addToxic: async (name, toxic) => {
        call(`${device} +${toxic.type} ${toxic.stream} ${name}`)
        known(state.links, device).toxics[name] = toxic
      },
      removeToxic: async (name) => {
        call(`${device} -${name}`)
        delete known(state.links, device).toxics[name]
      },
      breakConnections: async () => call(`${device} link broken`),
      enable: async (enabled) => {
        call(`${device} link ${enabled ? 'up' : 'down'}`)
        known(state.links, device).enabled = enabled
      },
    }),
    gateway: {
      add: (name, interception) => {
        call(`gateway +${interception.act.type} ${name}`)
        state.interceptions[name] = interception
      },
      remove: (name) => {
        call(`gateway -${name}`)
        delete state.interceptions[name]
      },
      hasKilled: (node) => [...struck].some((name) => victimOf(name) === node),
    },
    emit: (body, node = 'harness') => {
      events.push({ body, node })
    },
    history: async () => {
      if (!setting) throw new Error('a fake stage without a setting has no history')
      const stamped = events.map(({ body, node }, seq) => ({ ...body, seq, t: now, node }))
      return new History(historyHead(setting, 'fake'), stamped)
    },
    restingSince: () => undefined,
    strain: () => strain,
    close: async () => call('close'),
  }
}

/**
 * Returns a world of fake stages, all of which list their calls in `calls`. Each stage opened gets
 * the next of `strains`; the last one is repeated.
 */
export function fakeWorld(calls: string[], strains: readonly number[] = [0]): World {
  let opened = 0
  return {
    name: 'fake',
    about: 'nothing happens',
    concurrency: 1,
    open: async (setting) => {
      calls.push(`open at ${setting.timeScale}`)
      const strain = strains[Math.min(opened++, strains.length - 1)] ?? 0
      const stage = fakeStage({ setting, calls, strain })
      // A run in which nobody did anything is unknown.
      const action = { type: 'refresh', opId: 'somebody-1' } as const
      stage.emit({ type: 'invoke', opId: action.opId, action, wall: EPOCH_WALL }, 'ana')
      return stage
    },
    close: async () => {},
  }
}

const CALM: DeviceState = { online: true, metered: false, dozing: false, skew: 0 }

function known<Value>(values: Readonly<Record<string, Value>>, device: string): Value {
  const value = values[device]
  if (value) return value
  throw new Error(`expected a device of ${Object.keys(values).join(', ')}; got '${device}'`)
}
