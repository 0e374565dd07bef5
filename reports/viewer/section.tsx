/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { History } from '../../harness/core/history.ts'
import { findingsOf, type ScenarioResult } from '../../harness/core/result.ts'
import { spanText } from '../../harness/core/time.ts'
import { eventDescriber } from '../events/event-views.ts'
import { countText, listText, prefixed } from '../words/text.ts'
import { countsText, reasonsUnknown, splitCamelCase } from '../words/verdicts.ts'
import { draw } from './diagram/diagram.tsx'
import { Exchanges } from './exchanges.tsx'
import { Findings } from './findings.tsx'
import { linksOf } from './links.ts'
import { OperationTable } from './operation-table.tsx'
import { Screens } from './screens.tsx'
import { VerdictMark } from './verdict-mark.tsx'

/** A run of a scenario, from its story to the outcome of each action. */
export function Section({
  result,
  history,
  id,
  open,
}: {
  result: ScenarioResult
  history: History
  id: string
  open: boolean
}) {
  const describeEvent = eventDescriber(history)
  const findings = findingsOf(result)
  const evidence = new Set(findings.flatMap(({ evidence }) => evidence))
  const { picture, shown } = draw(history, evidence, describeEvent, (seq) => `${id}-e${seq}`)
  const links = linksOf(id, shown)
  const breaches = new Map<string, string[]>()
  for (const { id: invariant, opIds } of findings) {
    for (const opId of opIds)
      breaches.set(opId, [...new Set([...(breaches.get(opId) ?? []), invariant])])
  }
  return (
    <details class={`run ${result.verdict}`} id={id} open={open}>
      <summary>
        <VerdictMark verdict={result.verdict} />
        <h2>
          <bdi>{result.title}</bdi>
        </h2>
        <span class="setting">
          {result.world} · <bdi>{result.client}</bdi>
        </span>
        <span class="sum">
          {findings.length > 0 ? `${countText(findings.length, 'finding')} · ` : ''}
          {spanText(result.realMs)}
        </span>
      </summary>
      <div class="body">
        <p class="story">
          <bdi>{result.story}</bdi>
        </p>
        {result.verdict === 'unknown' && <Undecided result={result} />}
        <Findings result={result} history={history} links={links} describeEvent={describeEvent} />
        <p class="replay">
          <span>Replay it</span> <code>{result.replay}</code>
          <button type="button" class="copy">
            copy
          </button>
        </p>
        <h3>What happened</h3>
        {picture}
        <h3>At the end</h3>
        <Screens history={history} />
        <h3>What became of each action</h3>
        <OperationTable history={history} links={links} breaches={breaches} />
        <Exchanges history={history} evidence={evidence} describeEvent={describeEvent} />
        <details class="more">
          <summary>
            <h3>What was held against it</h3> <span class="sub">{verdictCounts(result)}</span>
          </summary>
          <Invariants result={result} section={id} />
        </details>
        {result.exercised.length > 0 && (
          <p class="exercised">
            <b>Really exercised</b>
            {result.exercised.map(({ what, least, got }) => (
              <span class={got < least ? 'short' : undefined}>
                {splitCamelCase(what)} <b>{got}</b>
                {got < least ? ` of at least ${least}` : ''}
              </span>
            ))}
          </p>
        )}
        <p class="facts">
          {[
            `client ${result.client}`,
            `server ${result.server}`,
            `conflicts by ${history.head.scenario.policy}`,
            `seed ${result.seed}`,
            `${spanText(result.scenarioMs)} of scenario in ${spanText(result.realMs)}`,
            ...(result.timeScale === 1 ? [] : [`time ×${result.timeScale}`]),
            countText(result.events, 'event'),
          ].map((fact) => (
            <span>{fact}</span>
          ))}
          <a href={encodeURI(result.history)}>history.jsonl</a>{' '}
          <code title={`sha256 ${result.hash}`}>{result.hash.slice(0, 12)}</code>
        </p>
      </div>
    </details>
  )
}

function Undecided({ result }: { result: ScenarioResult }) {
  return (
    <div class="undecided">
      <b>Undecided</b>
      <ul>
        {reasonsUnknown(result).map((why) => (
          <li>
            <bdi>{why}</bdi>
          </li>
        ))}
      </ul>
    </div>
  )
}

function verdictCounts({ invariants }: ScenarioResult): string {
  const order = ['fail', 'unknown', 'pass', 'idle'] as const
  const counts = order.map((wanted) => {
    const count = invariants.filter(({ verdict }) => verdict === wanted).length
    return [count, VERDICT_WORD[wanted]] as const
  })
  return listText(countsText(counts))
}

const VERDICT_WORD = { pass: 'kept', fail: 'broken', unknown: 'undecided', idle: 'idle' } as const

function Invariants({ result, section }: { result: ScenarioResult; section: string }) {
  return (
    <table class="invariants stack">
      <thead>
        <tr>
          <th scope="col">invariant</th>
          <th scope="col">what it promises</th>
          <th scope="col">verdict</th>
        </tr>
      </thead>
      <tbody>
        {result.invariants.map(({ id, promise, verdict, judged, why, figure, findings }) => (
          <tr class={verdict}>
            <th scope="row">{findings.length > 0 ? <a href={`#${section}-${id}`}>{id}</a> : id}</th>
            <td>{promise}</td>
            <td>
              <span class={`word ${verdict}`}>{VERDICT_WORD[verdict]}</span>{' '}
              <span class="sub">
                {verdict === 'idle' || verdict === 'unknown'
                  ? why
                  : `held against ${countText(judged, 'thing')}`}
                {prefixed(', ', figure)}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
