/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { groupBy } from '../../harness/core/group.ts'
import type { RunResult, ScenarioResult } from '../../harness/core/result.ts'
import { spanText } from '../../harness/core/time.ts'
import { runTitles } from '../words/run-title.ts'
import { countText } from '../words/text.ts'
import { findingCount, skippedLines } from '../words/verdicts.ts'
import { VerdictMark } from './verdict-mark.tsx'

/** A table with a row per scenario and a column per world. Each cell links to its section. */
export function Overview({
  run,
  idOf,
}: {
  run: RunResult
  idOf: (result: ScenarioResult) => string
}) {
  const worlds = [
    ...new Set([...Object.keys(run.worlds), ...run.results.map(({ world }) => world)]),
  ]
  const settings = new Set(run.results.map(({ client, server }) => `${client} ${server}`))
  const titleOf = runTitles(run)
  const rows = groupBy(
    run.results,
    ({ scenario, client, server, seed }) => `${scenario} ${client} ${server} ${seed}`,
  )
  const skipped = skippedLines(run)
  return (
    <nav aria-label="Scenarios">
      <table class="overview">
        <thead>
          <tr>
            <th scope="col">scenario</th>
            {worlds.map((world) => (
              <th scope="col">{world}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows.values()].map((results) => (
            <tr>
              <th scope="row">
                <bdi>{results[0] && titleOf(results[0])}</bdi>
                {settings.size > 1 && (
                  <span class="sub">
                    <bdi>
                      {results[0]?.client} on {results[0]?.server}
                    </bdi>
                  </span>
                )}
              </th>
              {worlds.map((world) => (
                <td>
                  {results
                    .filter((result) => result.world === world)
                    .map((result) => (
                      <a href={`#${idOf(result)}`}>
                        <VerdictMark verdict={result.verdict} />
                        <span class="sub">
                          {findingCount(result) > 0
                            ? `${countText(findingCount(result), 'finding')} · `
                            : ''}
                          {spanText(result.realMs)}
                        </span>
                      </a>
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {skipped.length > 0 && (
        <details class="skipped">
          <summary>{countText(run.skipped.length, 'run')} skipped</summary>
          <ul>
            {skipped.map((line) => (
              <li>
                <bdi>{line}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
    </nav>
  )
}
