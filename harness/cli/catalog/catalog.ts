import { readFileSync } from 'node:fs'
import type { ConflictPolicy } from '../../../server-stub/conflict/policy.ts'
import { checkScenario } from '../../core/check-scenario.ts'
import type { ClientDefinition } from '../../core/client.ts'
import type { Effect, Registries } from '../../core/effect.ts'
import type { Fault } from '../../core/fault.ts'
import type { Invariant } from '../../core/invariant.ts'
import { parseScenario } from '../../core/parse-scenario.ts'
import { messageOf, Problem } from '../../core/problem.ts'
import type { ReportFormat } from '../../core/report.ts'
import type { Scenario } from '../../core/scenario.ts'
import type { ServerDefinition } from '../../core/server.ts'
import type { Toxic } from '../../link/toxic.ts'
import { discover, type FoundModule, filesIn } from './discover.ts'
import { HOME } from './home.ts'

/**
 * Finds the plug-ins in their folders: there is no list of names. Each function loads the modules
 * of its folder and throws a Problem if a file does not have a plug-in of that kind.
 */
export const catalog = {
  async scenarios(home = HOME): Promise<Scenario[]> {
    const registries = await catalog.registries(home)
    const load = (data: unknown, source: string) =>
      checkScenario(parseScenario(data, source), registries, source)
    const modules = (await discover('scenarios', { home })).map(({ path, value }) =>
      named(load(value, `scenarios/${path}`), path),
    )
    const regressions = new URL('scenarios/regressions/', home)
    const saved = filesIn(regressions)
      .filter((file) => file.endsWith('.json'))
      .map((file) =>
        load(
          readJson(new URL(file, regressions), `scenarios/regressions/${file}`),
          `scenarios/regressions/${file}`,
        ),
      )
    return [...modules, ...saved]
  },

  /**
   * A module below clients/ without a default export is a part of a client, not a client. Guests
   * are picked by their path: they need packages that may not be installed.
   */
  async clients(home = HOME): Promise<ClientDefinition[]> {
    const found = await discover('clients', { deep: true, home, except: 'guests' })
    return found
      .filter(({ path, value }) => path.endsWith('/index') && value !== undefined)
      .map((module) =>
        named(
          {
            ...expect<ClientDefinition>(module, 'clients', ['name', 'capabilities', 'create']),
            module: module.url,
          },
          dirOf(module.path),
        ),
      )
  },

  async servers(home = HOME): Promise<ServerDefinition[]> {
    const found = await discover('server-stub/variants', { home })
    return found.map((module) => ({
      ...expect<ServerDefinition>(module, 'server-stub/variants', ['name', 'create']),
      module: module.url,
    }))
  },

  async invariants(home = HOME): Promise<Invariant[]> {
    const found = await discover('harness/invariants', { home })
    return found
      .filter(isPlugin)
      .map((module) => expect<Invariant>(module, 'harness/invariants', ['id', 'check']))
  },

  async effects(home = HOME): Promise<ReadonlyMap<string, Effect>> {
    const found = await discover('harness/effects', { home })
    return new Map(
      found
        .filter(isPlugin)
        .map((module) => {
          const members = ['name', 'schema', 'begin', 'end'] as const
          return named(expect<Effect>(module, 'harness/effects', members), module.path)
        })
        .map((effect) => [effect.name, effect]),
    )
  },

  /** The example of each fault. A module without the export `example` is not a fault. */
  async faults(home = HOME): Promise<Fault[]> {
    const found = await discover('harness/faults', { home })
    return found
      .filter(({ exports }) => exports.example !== undefined)
      .map(({ path, exports }) => named(exports.example as Fault, path))
  },

  /** The registries that a scenario is checked against when it is loaded. */
  async registries(home = HOME): Promise<Registries> {
    const invariants = await catalog.invariants(home)
    return {
      effects: await catalog.effects(home),
      toxics: await catalog.toxics(home),
      policies: await catalog.policies(home),
      invariants: new Set(invariants.map(({ id }) => id)),
    }
  },

  /** The names of the conflict policies. A module without one is a helper of policies. */
  async policies(home = HOME): Promise<ReadonlySet<string>> {
    const found = await discover('server-stub/conflict', { home })
    return new Set(found.flatMap(({ exports }) => Object.values(exports).flatMap(policyName)))
  },

  async toxics(home = HOME): Promise<ReadonlyMap<string, Toxic>> {
    const found = await discover('harness/link/toxics', { home })
    return new Map(
      found
        .filter(isPlugin)
        .map((module) => expect<Toxic>(module, 'harness/link/toxics', ['type']))
        .map((toxic) => [toxic.type, toxic]),
    )
  },

  async formats(home = HOME): Promise<ReportFormat[]> {
    const found = await discover('reports', { home })
    return found
      .filter(isPlugin)
      .map((module) => expect<ReportFormat>(module, 'reports', ['name', 'render']))
  },
}

function policyName(value: unknown): string[] {
  const policy = value as Partial<ConflictPolicy> | null | undefined
  return typeof policy?.name === 'string' && typeof policy.decide === 'function'
    ? [policy.name]
    : []
}

/** Helpers may be beside the plug-ins: a module without a default export is not a plug-in. */
const isPlugin = ({ value }: FoundModule) => value !== undefined

function expect<Plugin>(
  { path, value }: FoundModule,
  folder: string,
  members: readonly (keyof Plugin & string)[],
): Plugin {
  const missing = members.find(
    (member) => typeof value !== 'object' || value === null || !(member in value),
  )
  if (missing !== undefined)
    throw new Problem(
      `${folder}/${path} expects a default export with '${members.join("', '")}'; ` +
        `'${missing}' is missing`,
    )
  return value as Plugin
}

/** Checks that a plug-in is named like its file, so that its name leads to the file. */
function named<Plugin extends { readonly name: string }>(plugin: Plugin, path: string): Plugin {
  if (plugin.name !== path)
    throw new Problem(
      `'${path}' exports a plug-in named '${plugin.name}'; name it like its file or folder`,
    )
  return plugin
}

const dirOf = (path: string) => path.slice(0, path.lastIndexOf('/'))

export function readJson(file: URL, name: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Problem(`${name} is not readable as JSON: ${messageOf(cause).split('\n')[0]}`)
  }
}
