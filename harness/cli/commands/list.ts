import { z } from 'zod'
import type { Capabilities } from '../../core/capabilities.ts'
import { isAction } from '../../core/scenario.ts'
import { spanText } from '../../core/time.ts'
import { settleFor } from '../../run/settle.ts'
import { catalog } from '../catalog/catalog.ts'
import { exitCode } from '../exit-codes.ts'
import type { Io } from '../io.ts'

/** `tunnelproof list`: prints every plug-in by kind, with its name and one line about it. */
export async function listCommand(io: Io): Promise<number> {
  const [scenarios, clients, servers] = [
    await catalog.scenarios(),
    await catalog.clients(),
    await catalog.servers(),
  ]
  const [faults, effects, toxics] = [
    await catalog.faults(),
    await catalog.effects(),
    await catalog.toxics(),
  ]
  const [formats, invariants] = [await catalog.formats(), await catalog.invariants()]
  section(
    io,
    'Scenarios',
    scenarios.map((scenario) => {
      const actions = scenario.steps.filter(isAction).length
      const span = spanText(scenario.healAt + settleFor(scenario, 0))
      return [
        scenario.name,
        `${scenario.story} (${actions} ${actions === 1 ? 'action' : 'actions'}, ${span})`,
      ]
    }),
  )
  section(
    io,
    'Clients (--client)',
    clients.map(({ name, title, capabilities }) => [name, `${title} (${skills(capabilities)})`]),
  )
  section(
    io,
    'Servers (--server)',
    servers.map(({ name, title }) => [name, title]),
  )
  section(
    io,
    'Invariants',
    invariants.map(({ id, promise }) => [id, promise]),
  )
  section(
    io,
    'Faults',
    faults.map(({ name, caption, effects }) => {
      const parts = new Set(effects.map(({ effect }) => effect))
      return [name, `${caption} (${[...parts].join(', ')})`]
    }),
  )
  section(
    io,
    'Effects',
    [...effects.values()].map(({ name, caption, example, schema }) => [
      name,
      `${caption(example)} (${parametersText(schema)})`,
    ]),
  )
  section(
    io,
    'Toxics',
    [...toxics.values()].map(({ type, attributes }) => [
      type,
      Object.keys(attributes).join(', ') || 'no attributes',
    ]),
  )
  section(
    io,
    'Reporters (--reporter)',
    formats.map(({ name, title, file }) => [name, `${title} (${file ?? 'printed'})`]),
  )
  return exitCode('held')
}

/** 'device, after?': a question mark follows a parameter that may be left out. */
function parametersText(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  const names = Object.keys(properties).filter((name) => name !== 'effect')
  const marked = names.map((name) => (required.includes(name) ? name : `${name}?`))
  return marked.join(', ') || 'no parameters'
}

function skills({ collections, update, delete: remove, cancel }: Capabilities): string {
  const verbs = [update && 'edit', remove && 'delete', cancel && 'cancel'].filter(
    (verb) => verb !== false,
  )
  return `${collections.join(', ')}: ${['create', ...verbs].join(', ')}`
}

function section(io: Io, title: string, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  io.out(`${title}\n`)
  for (const [name, text] of rows) io.out(`  ${name.padEnd(width)}  ${text}\n`)
  io.out('\n')
}
