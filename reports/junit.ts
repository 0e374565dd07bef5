import junitReportBuilder, { type Builder } from 'junit-report-builder'
import type { Event } from '../harness/core/event.ts'
import type { History } from '../harness/core/history.ts'
import type { ReportFormat } from '../harness/core/report.ts'
import { findingsOf, type ScenarioResult } from '../harness/core/result.ts'
import { counted, cut } from './words/count.ts'
import { teller } from './words/event.ts'
import { sanitizeData, sanitizeText } from './words/sanitize.ts'
import { momentText } from './words/time.ts'
import { whyUnknown } from './words/verdicts.ts'

// Its typings describe the ES module; what Node loads is the CommonJS one, which is the builder itself.
const builder = junitReportBuilder as unknown as Builder

/** JUnit XML for CI: a suite for each world, a case for each scenario; failed is a failure, undecided an error. */
const junit: ReportFormat = {
  name: 'junit',
  title: 'junit.xml: for CI servers',
  file: 'junit.xml',
  render: ({ run: raw, historyOf }) => {
    const run = sanitizeData(raw)
    const report = builder.newBuilder().name(run.tool)
    const worlds = new Set([
      ...Object.keys(run.worlds),
      ...[...run.results, ...run.skipped].map(({ world }) => world),
    ])
    for (const world of worlds) {
      const results = run.results
        .map((result, i) => ({ result, raw: raw.results[i] as ScenarioResult }))
        .filter(({ result }) => result.world === world)
      const suite = report
        .testSuite()
        .name(world)
        .timestamp(run.startedAt)
        .time(results.reduce((sum, { result }) => sum + result.realMs, 0) / 1000)
      const about = run.worlds[world]
      if (about !== undefined) suite.property('world', about)
      for (const { result, raw: asPlayed } of results) {
        const test = suite
          .testCase()
          .className(`${world}.${result.client}`)
          .name(result.title)
          .time(result.realMs / 1000)
          .standardOutput(
            lines(
              `story: ${result.story}`,
              `server: ${result.server}`,
              `seed: ${result.seed}`,
              `replay: ${result.replay}`,
            ),
          )
        if (result.verdict === 'fail') failed(test, result, () => historyOf(asPlayed))
        if (result.verdict === 'unknown')
          test.error(
            whyUnknown(result)[0],
            'unknown',
            lines(...whyUnknown(result), `replay: ${result.replay}`),
          )
      }
      for (const { title, why } of run.skipped.filter((skipped) => skipped.world === world)) {
        suite.testCase().className(world).name(title).standardOutput(lines(why)).skipped()
      }
    }
    return `${report.build().replaceAll(HELD_OPEN, ']]]]><![CDATA[>')}\n`
  },
}

interface Case {
  failure(message: string, type: string): { stacktrace(text: string): unknown }
}

function failed(test: Case, result: ScenarioResult, historyOf: () => History) {
  const findings = findingsOf(result)
  const ids = [...new Set(findings.map(({ id }) => id))]
  const history = historyOf()
  const tell = teller(history)
  const bySeq = new Map(history.all.map((event) => [event.seq, event]))
  const told = findings.flatMap(({ id, message, evidence }) => [
    `${id}: ${message}`,
    ...evidence.flatMap((seq) => {
      const event = bySeq.get(seq)
      return event ? [`  ${line(event, tell(event))}`] : []
    }),
  ])
  const first = findings[0]?.message ?? 'a failure without findings'
  test
    .failure(
      findings.length > 1 ? `${counted(findings.length, 'finding')}. ${first}` : first,
      ids.join(' '),
    )
    .stacktrace(lines(...told, `replay: ${result.replay}`))
}

const line = (event: Event, words: string) =>
  sanitizeText(`${momentText(event.t)}  ${event.node}  ${cut(words, 200)}`)

/**
 * Texts go into CDATA sections, which ']]>' would end. The builder splits only the first one of a text, so each is held open by a character that means
 * nothing, and split afterwards.
 */
const HELD_OPEN = ']]\ufdd0>'
const lines = (...all: string[]) => all.join('\n').replaceAll(']]>', HELD_OPEN)

export default junit
