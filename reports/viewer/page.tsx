/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { History } from '../../harness/core/history.ts'
import type { ReportInput } from '../../harness/core/report.ts'
import type { RunResult, ScenarioResult } from '../../harness/core/result.ts'
import { sanitizeData, sanitizeInput } from '../words/sanitize.ts'
import { holdingsLines, idleInvariantsText, tally } from '../words/verdicts.ts'
import { Header, renderDocument } from './document.tsx'
import { Icons } from './icons.tsx'
import { Overview } from './overview.tsx'
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
  return renderDocument({
    title: tally(run),
    style: STYLE,
    body: (
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
      </Body>
    ),
  })
}

function openSections({ results }: RunResult): Set<ScenarioResult> {
  if (results.length === 1) return new Set(results)
  return new Set(results.filter(({ verdict }) => verdict !== 'pass').slice(0, OPEN_SECTIONS_MAX))
}

function sanitizeHistory({ head, all }: History): History {
  return new History(sanitizeData(head), sanitizeData(all))
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
      <Header
        facts={run}
        heading={<h1 class={run.verdict}>{HEADLINE[run.verdict]}</h1>}
        tally={tally(run)}
      >
        {holdingsLines(run).map((line) => (
          <p class="holdings">
            <bdi>{line}</bdi>
          </p>
        ))}
      </Header>
      <main>{children}</main>
    </body>
  )
}

function IdleInvariants({ run }: { run: RunResult }) {
  const text = idleInvariantsText(run)
  return text === undefined ? null : <p class="idle">{text}</p>
}
