import type { Capabilities } from '../core/capabilities.ts'
import { FORMAT_VERSION } from '../core/format-version.ts'
import { type HistoryHead, historyHead } from '../core/history-head.ts'
import type { Scenario } from '../core/scenario.ts'
import type { ServerTells } from '../core/server.ts'
import { FULL } from './capabilities.ts'

/** The setting of a hand-written history. Every field is optional. */
export interface HistorySetting {
  /** The devices' names; each is its own user. Default: ana, ben. */
  readonly devices?: readonly string[]
  /** Changes to {@link FULL}. */
  readonly capabilities?: Partial<Capabilities>
  /** Default: last-write-wins. */
  readonly policy?: string
  /** Replaces the default scenario; `devices` and `policy` then have no effect. */
  readonly scenario?: Scenario
  readonly client?: string
  readonly server?: string
  /** `holdings` for a server that does not report its writes. Default: writes. */
  readonly tells?: ServerTells
  readonly seed?: number
  /** Default: sim. */
  readonly world?: string
  /** Scenario milliseconds from one event to the next. Default: 100. */
  readonly spacingMs?: number
}

/** Returns the head of a history with this setting. */
export function headOf(setting: HistorySetting): HistoryHead {
  const { client = 'tiny', server = 'tiny', seed = 1, world = 'sim' } = setting
  const scenario = setting.scenario ?? defaultScenario(setting)
  const head = {
    scenario,
    client: { name: client, capabilities: { ...FULL, ...setting.capabilities } },
    server: { name: server, ...(setting.tells && { tells: setting.tells }) },
    seed,
    timeScale: world === 'sim' ? 1 : scenario.timeScale,
  }
  return historyHead(head, world)
}

function defaultScenario({ devices, policy }: HistorySetting): Scenario {
  return {
    version: FORMAT_VERSION,
    name: 'tiny',
    title: 'Tiny',
    story: 'A history written by hand.',
    devices: (devices ?? ['ana', 'ben']).map((name) => ({ name, user: name })),
    policy: policy ?? 'last-write-wins',
    steps: [],
    healAt: 0,
    settle: 20_000,
    exercised: {},
    timeScale: 1,
  }
}
