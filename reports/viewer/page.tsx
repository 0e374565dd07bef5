/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { History } from '../../harness/core/history.ts'
import type { ReportInput } from '../../harness/core/report.ts'
import type { RunResult, ScenarioResult } from '../../harness/core/result.ts'
import { spanText } from '../../harness/core/time.ts'
import { sanitizeData, sanitizeInput } from '../words/sanitize.ts'
import { holdingsLines, idleInvariantsText, tally } from '../words/verdicts.ts'
import { contentSecurityPolicy } from './csp.ts'
import { Icons } from './icons.tsx'
import { Overview } from './overview.tsx'
import { SCRIPT } from './script.ts'
import { Section } from './section.tsx'
import { STYLE } from './style.ts'

/** The number of sections, of runs that did not pass, that are open at first. */
const OPEN_SECTIONS_MAX = 3

/** Renders the whole report as one page that needs no other file and never uses the network. */
export function renderPage(input: ReportInput): string {
  const { run, entries } = sanitizeInput(input)
  const ids = new Map(run.results.map((result, i) => [result, `r${i + 1}`]))
  const idOf = (result: ScenarioResult) => ids.get(result) ?? ''
  const open = openSections(run)
  const body = renderToString(
    <Body run={run}>
      <Overview run={run} idOf={idOf} />
      <IdleInvariants run={run} />
      {entries.map(({ result, history }) => (
        <Section
          result={result}
          history={sanitizeHistory(history)}
          id={idOf(result)}
          open={open.has(result)}
        />
      ))}
    </Body>,
  )
  const head = renderToString(<Head run={run} />)
  // Style and script are our constants. The renderer has escaped all texts that come from a run.
  const headWithStyle = head.replace('</head>', () => `<style>${STYLE}</style></head>`)
  const bodyWithScript = body.replace(/<\/body>$/, () => `<script>${SCRIPT}</script></body>`)
  return `<!doctype html>\n<html lang="en">${headWithStyle}${bodyWithScript}</html>\n`
}

function openSections({ results }: RunResult): Set<ScenarioResult> {
  if (results.length === 1) return new Set(results)
  return new Set(results.filter(({ verdict }) => verdict !== 'pass').slice(0, OPEN_SECTIONS_MAX))
}

function sanitizeHistory({ head, all }: History): History {
  return new History(sanitizeData(head), sanitizeData(all))
}

function Head({ run }: { run: RunResult }) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={contentSecurityPolicy(STYLE, SCRIPT)} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>{`${tally(run)} · tunnelproof`}</title>
    </head>
  )
}

const HEADLINE = {
  pass: 'Every promise was kept.',
  fail: 'Promises were broken.',
  unknown: 'It could not be decided.',
} as const

function Body({ run, children }: { run: RunResult; children: ComponentChildren }) {
  return (
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
        {holdingsLines(run).map((line) => (
          <p class="holdings">
            <bdi>{line}</bdi>
          </p>
        ))}
      </header>
      <main>{children}</main>
    </body>
  )
}

function IdleInvariants({ run }: { run: RunResult }) {
  const text = idleInvariantsText(run)
  return text === undefined ? null : <p class="idle">{text}</p>
}
