import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import reference from '../../../clients/reference/index.ts'
import flaky from '../../../scenarios/flaky.ts'
import dedup from '../../../server-stub/variants/dedup.ts'
import { allEffects } from '../../effects/testing/effects.ts'
import { allInvariants } from '../../invariants/testing/all.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { runScenario } from '../../run/run.ts'
import { simWorld } from './index.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const browser = process.env.CHROMIUM ?? '/usr/bin/chromium'
const required = process.env.TUNNELPROOF_REQUIRE?.includes('chromium')
if (!existsSync(browser) && !required)
  console.warn(
    `SKIPPED: no Chromium at ${browser}; set CHROMIUM to its path to test the sim in a page`,
  )

/**
 * Returns the entry point of a page, as a bundler's glob would make it: imports every plug-in that
 * the command line finds by folder.
 */
function entry(): string {
  const listed = (folder: string) =>
    readdirSync(join(root, folder))
      .filter((file) => /^[\w-]+\.ts$/.test(file))
      .sort()
  const imports = (folder: string, name: string) =>
    listed(folder).map((file, i) => `import ${name}${i} from './${folder}/${file}'`)
  const names = (folder: string, name: string) => listed(folder).map((_, i) => `${name}${i}`)
  return `
    ${imports('harness/link/toxics', 'toxic').join('\n')}
    ${imports('harness/effects', 'effect').join('\n')}
    ${imports('harness/invariants', 'invariant').join('\n')}
    import dedup from './server-stub/variants/dedup.ts'
    import reference from './clients/reference/index.ts'
    import flaky from './scenarios/flaky.ts'
    import { runScenario } from './harness/run/run.ts'
    import { simWorld } from './harness/worlds/sim/index.ts'
    const mapBy = (key, list) => new Map(list.map((each) => [each[key], each]))
    const toxics = mapBy('type', [${names('harness/link/toxics', 'toxic')}])
    const effects = mapBy('name', [${names('harness/effects', 'effect')}])
    const invariants = [${names('harness/invariants', 'invariant')}]
    globalThis.play = async (seed) =>
      (await runScenario({
        world: simWorld({ toxics }),
        scenario: flaky,
        client: reference,
        server: dedup,
        seed,
        invariants,
        effects,
      })).result
  `
}

it.runIf(existsSync(browser) || required)(
  'the sim plays a scenario in a page with the same result as in Node',
  async () => {
    const bundle = await build({
      stdin: { contents: entry(), resolveDir: root, loader: 'ts' },
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
    })
    const profile = mkdtempSync(join(tmpdir(), 'tunnelproof-chromium-'))
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: browser,
      headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
    try {
      const page = await context.newPage()
      await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' })
      const there = await page.evaluate(
        (seed) => (globalThis as unknown as { play(seed: number): Promise<unknown> }).play(seed),
        11,
      )
      const { result } = await runScenario({
        world: simWorld({ toxics: await allToxics() }),
        scenario: flaky,
        client: reference,
        server: dedup,
        seed: 11,
        invariants: await allInvariants(),
        effects: await allEffects(),
      })
      expect(there).toEqual(JSON.parse(JSON.stringify(result)))
      expect(result.verdict).toBe('pass')
    } finally {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    }
  },
)
