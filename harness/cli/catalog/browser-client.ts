import { z } from 'zod'
import { capabilitiesSchema } from '../../core/capabilities.ts'
import type { ClientDefinition } from '../../core/client.ts'
import { Problem } from '../../core/problem.ts'
import type { BrowserApp } from '../../guest/browser.ts'
import { GUEST_CAPABILITIES } from '../../guest/host/capabilities.ts'
import { findChromium, loadPlaywright, requireNetwork } from '../../worlds/wire/browser/find.ts'
import { nodeCommand, programUrl } from '../../worlds/wire/process/launch.ts'
import { loadUserModule, userFile } from './user-module.ts'

export const BROWSER_PREFIX = 'browser:'

/** The longest time from the start of a browser to an app that is installed, in real ms. */
const INSTALL_MAX_MS = 60_000

const aboutSchema = capabilitiesSchema.partial().extend({
  name: z.string().min(1),
  title: z.string().optional(),
  url: z.union([z.string(), z.custom((value) => typeof value === 'function')]),
  durable: z.boolean().optional(),
  timeScale: z.number().min(1).optional(),
  picture: z.boolean().optional(),
})

/**
 * Reads `--client browser:FILE`: an app in a real browser. Its devices are processes of ours, each
 * with a browser of its own.
 *
 * @throws Problem if the file is none, or if there is no browser
 */
export async function pickBrowserClient(
  argument: string,
  cwd: string,
): Promise<{ readonly definition: ClientDefinition; readonly source: string }> {
  const file = argument.slice(BROWSER_PREFIX.length)
  const path = userFile(file, cwd, '--client browser:')
  const { value, url } = await loadUserModule(path)
  const { title, url: _page, durable: _claim, picture: _, ...about } = aboutIn(value, argument)
  const { name, timeScale = 1, ...capabilities } = about
  requireNetwork()
  findChromium(await loadPlaywright(url), process.env)
  const create = () => {
    throw new Problem(`${name} runs in a browser: it is played on the wire only`)
  }
  const definition: ClientDefinition = {
    name,
    title: title ?? name,
    capabilities: { ...GUEST_CAPABILITIES, ...withoutUndefined(capabilities) },
    create,
    command: nodeCommand(programUrl('browser'), [url]),
    installMaxMs: INSTALL_MAX_MS,
    timeScaleMax: timeScale,
  }
  return { definition, source: `${BROWSER_PREFIX}${path}` }
}

function aboutIn(value: unknown, argument: string): z.infer<typeof aboutSchema> {
  const app = value as Partial<BrowserApp> | null | undefined
  if (app?.guest !== 'browser')
    throw new Problem(
      `${argument} expects a file with \`export default browser({ name, url }, …)\`, ` +
        "from 'tunnelproof/browser'",
    )
  const parsed = aboutSchema.safeParse(app.about)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Problem(`${argument}: '${issue?.path.join('.')}': ${issue?.message}`)
}

function withoutUndefined<Fields extends object>(fields: Fields) {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof Fields]: Exclude<Fields[Name], undefined> }
}
