import { pathToFileURL } from 'node:url'
import { checkScenario } from '../../core/check-scenario.ts'
import { parseScenario } from '../../core/parse-scenario.ts'
import { Problem } from '../../core/problem.ts'
import type { Scenario } from '../../core/scenario.ts'
import { catalog, readJson } from './catalog.ts'
import { unknownName } from './nearest.ts'
import { isFilePath, loadUserModule, userFile } from './user-module.ts'

/**
 * Returns the scenarios for the arguments, each once: names, globs over names, paths of the user's
 * files. Without arguments: all.
 */
export async function pickScenarios(args: readonly string[], cwd: string): Promise<Scenario[]> {
  const known = await catalog.scenarios()
  if (args.length === 0) return known
  const picked = new Map<string, Scenario>()
  for (const argument of args) {
    for (const scenario of await scenariosFor(argument, known, cwd)) {
      const earlier = picked.get(scenario.name)
      if (earlier && JSON.stringify(earlier) !== JSON.stringify(scenario)) {
        throw new Problem(
          `two scenarios are called '${scenario.name}' (the second is ${argument}); ` +
            'give one of them another title',
        )
      }
      picked.set(scenario.name, scenario)
    }
  }
  return [...picked.values()]
}

async function scenariosFor(
  argument: string,
  known: readonly Scenario[],
  cwd: string,
): Promise<Scenario[]> {
  if (isFilePath(argument)) return [await fromFile(argument, cwd)]
  const names = known.map(({ name }) => name)
  const matches = known.filter(({ name }) => globMatches(argument, name))
  if (matches.length === 0) throw new Problem(unknownName('scenario', argument, names))
  return matches
}

async function fromFile(argument: string, cwd: string): Promise<Scenario> {
  const path = userFile(argument, cwd, 'scenario')
  const data = path.endsWith('.json')
    ? readJson(pathToFileURL(path), argument)
    : (await loadUserModule(path)).value
  return checkScenario(parseScenario(data, argument), await catalog.registries(), argument)
}

/** Matches `*` with any characters, `?` with one character. */
export function globMatches(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(name)
}
