/**
 * JUnit XML for CI servers: a suite per world, a case per scenario. A failed run is a `failure`, an
 * undecided one an `error`.
 *
 * @module
 */
import junitReportBuilder, { type Builder } from 'junit-report-builder'
import type { Event } from '../harness/core/event.ts'
import type { History } from '../harness/core/history.ts'
import type { ReportEntry, ReportFormat, ReportInput } from '../harness/core/report.ts'
import {
  breachedIds,
  findingsOf,
  type RunResult,
  type ScenarioResult,
} from '../harness/core/result.ts'
import { eventDescriber } from './events/event-views.ts'
import { runTitles } from './words/run-title.ts'
import { sanitizeInput, sanitizeText } from './words/sanitize.ts'
import { countText, truncate } from './words/text.ts'
import { momentText } from './words/time.ts'
import { reasonsUnknown } from './words/verdicts.ts'

const junit: ReportFormat = {
  name: 'junit',
  title: 'junit.xml: for CI servers',
  file: 'junit.xml',
  render,
}

/** The typings describe the ES module; Node loads the CommonJS one, which is the builder itself. */
const builder = junitReportBuilder as unknown as Builder
type Suite = ReturnType<Builder['testSuite']>
type Case = ReturnType<Suite['testCase']>

function render(input: ReportInput): string {
  const { run, entries } = sanitizeInput(input)
  const report = builder.newBuilder().name(run.tool)
  for (const world of worldsOf(run)) {
    const suite = report.testSuite().name(world).timestamp(run.startedAt)
    addSuite(suite, world, run, entries)
  }
  return `${report.build().replaceAll(CDATA_END_MARKED, ']]]]><![CDATA[>')}\n`
}

function worldsOf(run: RunResult): Set<string> {
  const played = [...run.results, ...run.skipped].map(({ world }) => world)
  return new Set([...Object.keys(run.worlds), ...played])
}

function addSuite(suite: Suite, world: string, run: RunResult, all: readonly ReportEntry[]): void {
  const entries = all.filter(({ result }) => result.world === world)
  suite.time(entries.reduce((sum, { result }) => sum + result.realMs, 0) / 1000)
  const about = run.worlds[world]
  if (about !== undefined) suite.property('world', about)
  const titleOf = runTitles(run)
  for (const entry of entries) addCase(suite, entry, titleOf(entry.result))
  for (const { title, client, why } of run.skipped.filter((skipped) => skipped.world === world)) {
    const name = client === undefined ? world : `${world}.${client}`
    suite.testCase().className(name).name(title).standardOutput(lines(why)).skipped()
  }
}

function addCase(suite: Suite, { result, history }: ReportEntry, title: string): void {
  const test = suite
    .testCase()
    .className(`${result.world}.${result.client}`)
    .name(title)
    .time(result.realMs / 1000)
    .standardOutput(
      lines(
        `story: ${result.story}`,
        `server: ${result.server}`,
        `seed: ${result.seed}`,
        `replay: ${result.replay}`,
      ),
    )
  if (result.verdict === 'fail') addFailure(test, result, history)
  if (result.verdict === 'unknown') addError(test, result)
}

function addFailure(test: Case, result: ScenarioResult, history: History): void {
  const findings = findingsOf(result)
  const first = findings[0]?.message ?? 'a failure without findings'
  const message = findings.length > 1 ? `${countText(findings.length, 'finding')}. ${first}` : first
  const invariants = breachedIds(result)
  const evidenceOf = evidenceLines(history)
  const proof = findings.flatMap(({ id, message, evidence }) => [
    `${id}: ${message}`,
    ...evidenceOf(evidence),
  ])
  test
    .failure(message, invariants.join(' '))
    .stacktrace(lines(...proof, `replay: ${result.replay}`))
}

function addError(test: Case, result: ScenarioResult): void {
  const reasons = reasonsUnknown(result)
  test.error(reasons[0], 'unknown', lines(...reasons, `replay: ${result.replay}`))
}

const DESCRIPTION_LENGTH_MAX = 200

function evidenceLines(history: History): (evidence: readonly number[]) => string[] {
  const describeEvent = eventDescriber(history)
  const bySeq = new Map(history.all.map((event) => [event.seq, event]))
  const line = (event: Event) => {
    const description = truncate(describeEvent(event), DESCRIPTION_LENGTH_MAX)
    return `  ${sanitizeText(`${momentText(event.t)}  ${event.node}  ${description}`)}`
  }
  return (evidence) => evidence.flatMap((seq) => bySeq.get(seq) ?? []).map(line)
}

/**
 * Replaces `]]>`, which would end a CDATA section. The builder splits only the first `]]>` of a
 * text. So each one gets a noncharacter in its middle, which hides it from the builder, and
 * `render` splits all of them afterwards.
 */
const CDATA_END_MARKED = ']]\ufdd0>'
const lines = (...texts: string[]) => texts.join('\n').replaceAll(']]>', CDATA_END_MARKED)

export default junit
