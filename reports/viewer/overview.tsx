/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { groupBy } from '../../harness/core/group.ts'
import { breachedIds, type RunResult, type ScenarioResult } from '../../harness/core/result.ts'
import { spanText } from '../../harness/core/time.ts'
import { runTitles } from '../words/run-title.ts'
import { countText } from '../words/text.ts'
import { findingCount, skippedLines } from '../words/verdicts.ts'
import { VerdictMark } from './verdict-mark.tsx'

interface Props {
  readonly run: RunResult
  readonly idOf: (result: ScenarioResult) => string
}

/**
 * A table with a row per scenario, and a column per world; or per client, if there are several.
 * Each cell links to its sections.
 */
export function Overview({ run, idOf }: Props) {
  const clients = new Set(run.results.map(({ client }) => client))
  const skipped = skippedLines(run)
  return (
    <nav aria-label="Scenarios">
      {clients.size > 1 ? (
        <Clients run={run} idOf={idOf} clients={[...clients]} />
      ) : (
        <Worlds run={run} idOf={idOf} />
      )}
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

function Worlds({ run, idOf }: Props) {
  const worlds = [
    ...new Set([...Object.keys(run.worlds), ...run.results.map(({ world }) => world)]),
  ]
  const settings = new Set(run.results.map(({ client, server }) => `${client} ${server}`))
  const titleOf = runTitles(run)
  const rows = groupBy(
    run.results,
    ({ scenario, client, server, seed }) => `${scenario} ${client} ${server} ${seed}`,
  )
  return (
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
  )
}

/** Shows the clients side by side. The name of the world is left out if there is only one. */
function Clients({ run, idOf, clients }: Props & { readonly clients: readonly string[] }) {
  const titleOf = runTitles(run)
  const severalWorlds = new Set(run.results.map(({ world }) => world)).size > 1
  const rows = groupBy(run.results, ({ scenario, seed }) => `${scenario} ${seed}`)
  return (
    <table class="overview clients stack">
      <thead>
        <tr>
          <th scope="col">scenario</th>
          {clients.map((client) => (
            <th scope="col">
              <bdi>{client}</bdi>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...rows.values()].map((results) => (
          <tr>
            <th scope="row">
              <bdi>{results[0] && titleOf(results[0])}</bdi>
            </th>
            {clients.map((client) => (
              <td data-label={client}>
                {results.every((result) => result.client !== client) && (
                  <span class="none">not played</span>
                )}
                {results
                  .filter((result) => result.client === client)
                  .map((result) => (
                    <a href={`#${idOf(result)}`}>
                      {severalWorlds && <span class="sub">{result.world}</span>}
                      <VerdictMark verdict={result.verdict} />
                      <span class="sub">{breachedIds(result).join(', ')}</span>
                    </a>
                  ))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
