import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const OF_PROCESS =
  'env|exit|argv|cwd|nextTick|on|off|pid|stdin|stdout|stderr|kill|platform|version|memoryUsage'

/**
 * Hidden inputs, each with the port to use instead. Only if time, chance, network and disk are
 * parameters (ports), a run can be repeated to the byte, and played in a page.
 */
const HIDDEN: readonly (readonly [RegExp, string])[] = [
  [
    /\bDate\.now\b|\bnew Date\(\s*\)|(?<![.\w])Date\(\s*\)/g,
    'the time: use clock.now() or clock.wall() of the Clock port (core/ports/clock.ts)',
  ],
  [
    /(?<![.\w])(?:performance\.|process\.hrtime)/g,
    'the time: use clock.now() of the Clock port (core/ports/clock.ts)',
  ],
  [
    /(?<![.\w])(?:set(?:Timeout|Interval|Immediate)|requestAnimationFrame)\b/g,
    'a timer: use clock.after() or sleep() of the Clock port (core/ports/clock.ts)',
  ],
  [/\bMath\.random\b|(?<![.\w])crypto\./g, 'chance: use the Random port (core/random.ts)'],
  [
    /(?<![.\w])(?:fetch\(|XMLHttpRequest\b|WebSocket\b|EventSource\b|navigator\.)/g,
    'the network: use the Http port (core/ports/http.ts)',
  ],
  [
    /(?<![.\w])(?:localStorage|sessionStorage|indexedDB)\b/g,
    'the disk: use the Database port (core/ports/database.ts)',
  ],
  [
    new RegExp(`(?<![.\\w])(?:process\\.(?:${OF_PROCESS})\\b|Buffer\\b|require\\()`, 'g'),
    'Node itself: a page has none',
  ],
  [
    /\.toLocale\w+\(|\.localeCompare\(|\bIntl\./g,
    'the locale: compare and print without it, so that all machines agree',
  ],
]
const ROOMS = [
  'harness/core',
  'harness/link',
  'harness/effects',
  'harness/faults',
  'harness/workload',
  'harness/invariants',
  'harness/worlds/host',
  'harness/worlds/sim',
  'harness/run',
  'clients',
  'scenarios',
  'server-stub',
]
const root = fileURLToPath(new URL('../../../', import.meta.url))
/**
 * Exempts tests, adapters, guests (their globals are made from the ports) and the virtual clock,
 * which waits for turns of the event loop: only those show that all promises have settled.
 */
const isExempt = (path: string) =>
  /\.(test|contract)\.tsx?$|\/testing\//.test(path) ||
  path.startsWith('server-stub/adapters/') ||
  path.startsWith('clients/guests/') ||
  path === 'harness/core/ports/virtual-clock.ts'

const sources = ROOMS.flatMap((room) => {
  const files = readdirSync(root, { encoding: 'utf8' }).includes(room.split('/')[0] ?? '')
    ? filesBelow(room)
    : []
  return files.filter((path) => /\.tsx?$/.test(path) && !isExempt(path))
})

function filesBelow(room: string): string[] {
  try {
    return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map(
      (path) => `${room}/${path}`,
    )
  } catch {
    return []
  }
}

/** Replaces comments and texts by blanks, because they may contain any words. */
function codeOf(source: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ')
  return source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g,
    blank,
  )
}

function hiddenIn(path: string, source: string): string[] {
  const code = codeOf(source)
  return HIDDEN.flatMap(([pattern, advice]) =>
    [...code.matchAll(pattern)].map(
      (found) =>
        `${path}:${code.slice(0, found.index).split('\n').length} '${found[0]}' reads ${advice}`,
    ),
  )
}

it('repeatable code gets time, chance, network and disk from ports only', () => {
  expect(sources.length).toBeGreaterThan(100)
  expect(sources.flatMap((path) => hiddenIn(path, readFileSync(join(root, path), 'utf8')))).toEqual(
    [],
  )
})

it.each([
  ['const t = Date.now()', 'clock.now()'],
  ['const d = new Date()', 'clock.now()'],
  ['setTimeout(() => {}, 1)', 'clock.after()'],
  ['const x = Math.random()', 'Random port'],
  ['await fetch("/x")', 'Http port'],
  ['a.sort((x, y) => x.localeCompare(y))', 'locale'],
  ['process.exit()', 'a page has none'],
])('finds the hidden input in %s, and names the port', (source, names) => {
  expect(hiddenIn('x.ts', source)).toEqual([expect.stringContaining(names)])
})

it.each([
  '// Date.now() is not for us',
  'http.fetch()',
  'new Date(ms).toISOString()',
  "say('setTimeout')",
  'ports.process.kill()',
  'this.process.chunk()',
  'process.interrupted()',
  'Date.UTC(2026)',
])('finds no hidden input in %s', (source) => {
  expect(hiddenIn('x.ts', source)).toEqual([])
})
