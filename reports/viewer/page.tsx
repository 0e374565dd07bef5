/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { renderToString } from 'preact-render-to-string'
import { History } from '../../harness/core/history.ts'
import type { ReportInput } from '../../harness/core/report.ts'
import type { ScenarioResult } from '../../harness/core/result.ts'
import { spanText } from '../../harness/core/time.ts'
import { sanitizeData } from '../words/sanitize.ts'
import { neverJudged, tally } from '../words/verdicts.ts'
import { contentSecurityPolicy } from './csp.ts'
import { Icons } from './icons.tsx'
import { Overview } from './overview.tsx'
import { SCRIPT } from './script.ts'
import { Section } from './section.tsx'
import { STYLE } from './style.ts'

/** So many failures stand open at once; the others a click away. */
const OPEN_SECTIONS_MAX = 3

/** The whole report as one page that needs nothing else and asks the network for nothing. */
export function renderPage({ run: raw, historyOf }: ReportInput): string {
  const run = sanitizeData(raw)
  const ids = new Map(run.results.map((result, i) => [result, `r${i + 1}`]))
  const idOf = (result: ScenarioResult) => ids.get(result) ?? ''
  const open = new Set(
    run.results.filter(({ verdict }) => verdict !== 'pass').slice(0, OPEN_SECTIONS_MAX),
  )
  if (run.results.length === 1) for (const result of run.results) open.add(result)
  const idle = neverJudged(run)
  const body = renderToString(
    <body>
      <Icons />
      <header>
        <p class="brand">
          <svg width="26" height="18" viewBox="0 0 26 18" aria-hidden="true">
            <path class="arch" d="M2 17V13a11 11 0 0 1 22 0v4" />
            <path class="rail" d="M9 17l2.5-8h3l2.5 8" />
          </svg>
          {run.tool}
        </p>
        <h1 class={run.verdict}>{HEADLINE[run.verdict]}</h1>
        <p class="tally">
          {tally(run)}. {spanText(run.realMs)}, started{' '}
          {run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}.
        </p>
        <dl class="worlds">
          {Object.entries(run.worlds).map(([world, about]) => (
            <div>
              <dt>{world}</dt>
              <dd>
                <bdi>{about}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </header>
      <main>
        <Overview run={run} idOf={idOf} />
        {idle !== undefined && <p class="idle">{idle}</p>}
        {run.results.map((result, i) => (
          <Section
            result={result}
            history={shown(historyOf(raw.results[i] as ScenarioResult))}
            id={idOf(result)}
            open={open.has(result)}
          />
        ))}
      </main>
    </body>,
  )
  const head = renderToString(
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={contentSecurityPolicy(STYLE, SCRIPT)} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>{`${tally(run)} · tunnelproof`}</title>
    </head>,
  )
  // Style and script are ours and constant; all that comes from a run went through the renderer's escaping.
  const styled = head.replace('</head>', () => `<style>${STYLE}</style></head>`)
  const scripted = body.replace(/<\/body>$/, () => `<script>${SCRIPT}</script></body>`)
  return `<!doctype html>\n<html lang="en">${styled}${scripted}</html>\n`
}

const HEADLINE = {
  pass: 'Every promise was kept.',
  fail: 'Promises were broken.',
  unknown: 'It could not be decided.',
} as const

const shown = (history: History) =>
  new History(sanitizeData(history.head), sanitizeData(history.all))
