/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import {
  type Matrix,
  type MatrixCell,
  type MatrixRow,
  shownOutcome,
} from '../../harness/core/matrix.ts'
import { Header, renderDocument } from '../viewer/document.tsx'
import { STYLE } from '../viewer/style.ts'
import { sanitizeData } from '../words/sanitize.ts'
import {
  brokenText,
  cellOf,
  cellsToExplain,
  FIGURES,
  kindOfCell,
  matrixTally,
  type RowFigures,
  rowFigures,
  SIGNS,
  whereText,
} from './matrix-words.ts'
import { MATRIX_STYLE } from './style.ts'

const WHOLE_STYLE = `${STYLE}${MATRIX_STYLE}`

/** Renders the matrix as one page that needs no other file and never uses the network. */
export function matrixPage(input: Matrix): string {
  const matrix = sanitizeData(input)
  return renderDocument({
    title: matrixTally(matrix),
    style: WHOLE_STYLE,
    body: <Body matrix={matrix} />,
  })
}

function Body({ matrix }: { matrix: Matrix }) {
  return (
    <body>
      <Header
        facts={matrix}
        heading={<h1>What survives the tunnel</h1>}
        tally={matrixTally(matrix)}
      />
      <main>
        <Grid matrix={matrix} />
        {matrix.rows.map((row) => (
          <Row row={row} matrix={matrix} />
        ))}
        <ul class="legend">
          {Object.values(FIGURES).map(([head, text]) => (
            <li>
              {head}: {text}
            </li>
          ))}
        </ul>
      </main>
    </body>
  )
}

const rowId = ({ rows }: Matrix, row: MatrixRow) => `row${rows.indexOf(row) + 1}`
const cellId = (matrix: Matrix, row: MatrixRow, cell: MatrixCell) =>
  `${rowId(matrix, row)}-${row.cells.indexOf(cell) + 1}`

function Grid({ matrix }: { matrix: Matrix }) {
  const { rows, scenarios } = matrix
  return (
    <nav aria-label="Libraries and scenarios">
      <table class="grid">
        <thead>
          <tr>
            <th scope="col" class="name">
              library
            </th>
            {scenarios.map(({ name, story }) => (
              <th scope="col" title={story}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">
                <a href={`#${rowId(matrix, row)}`}>
                  <bdi>{row.title}</bdi>
                </a>
              </th>
              {scenarios.map(({ name }) => (
                <td>
                  <Sign matrix={matrix} row={row} cell={cellOf(row, name)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="key">
        {(['pass', 'fail', 'unknown', 'skipped'] as const).map((kind) => (
          <span>
            {SIGNS[kind]} {kind}
          </span>
        ))}
        <span>outlined: not as expected</span>
      </p>
    </nav>
  )
}

function Sign({
  matrix,
  row,
  cell,
}: {
  matrix: Matrix
  row: MatrixRow
  cell?: MatrixCell | undefined
}) {
  const kind = kindOfCell(cell)
  if (!cell || kind === 'absent') return null
  const mark = `${kind}${cell.differences.length > 0 ? ' differs' : ''}`
  const label = `${row.title}, ${cell.scenario}: ${brokenText(cell) || kind}`
  if (!cellsToExplain(row).includes(cell))
    return (
      <span class={mark} title={label}>
        {SIGNS[kind]}
      </span>
    )
  return (
    <a class={mark} title={label} href={`#${cellId(matrix, row, cell)}`}>
      {SIGNS[kind]}
    </a>
  )
}

function Row({ row, matrix }: { row: MatrixRow; matrix: Matrix }) {
  const figures = rowFigures(row)
  return (
    <section class="row" id={rowId(matrix, row)}>
      <h2>
        <bdi>{row.title}</bdi>
      </h2>
      <p class="sub">
        <bdi>
          {row.library}
          {row.version === undefined ? '' : ` ${row.version}`}, on {row.backend}
        </bdi>
      </p>
      {row.problem === undefined ? (
        <dl class="figures">
          {(Object.keys(figures) as (keyof RowFigures)[]).map((name) => (
            <div>
              <dt>{FIGURES[name][0]}</dt>
              <dd>{figures[name]}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p class="undecided">
          <b>Not played</b> <bdi>{row.problem}</bdi>
        </p>
      )}
      {cellsToExplain(row).map((cell) => (
        <Cell cell={cell} id={cellId(matrix, row, cell)} />
      ))}
    </section>
  )
}

function Cell({ cell, id }: { cell: MatrixCell; id: string }) {
  const kind = kindOfCell(cell)
  const outcome = shownOutcome(cell)
  return (
    <article class={`cell ${kind}`} id={id}>
      <h3>
        {cell.scenario} <span class="broken">{brokenText(cell)}</span>
        <span class="sub">{whereText(cell)}</span>
      </h3>
      {cell.differences.map(({ text }) => (
        <p class="differs">
          <bdi>{text}</bdi>
        </p>
      ))}
      {outcome?.finding !== undefined && (
        <p class="found">
          <bdi>{outcome.finding}</bdi>
        </p>
      )}
      {outcome?.why !== undefined && (
        <p>
          <bdi>{outcome.why}</bdi>
        </p>
      )}
      {outcome && outcome.evidence.length > 0 && <pre>{outcome.evidence.join('\n')}</pre>}
      {cell.why !== undefined && (
        <p>
          <bdi>{cell.why}</bdi>
          {cell.confirmed !== undefined && (
            <span class="sub">
              {' '}
              Confirmed without tunnelproof by <code>{cell.confirmed}</code>.
            </span>
          )}
        </p>
      )}
      {outcome?.replay !== undefined && (
        <p class="replay">
          <span>Replay it</span> <code>{outcome.replay}</code>
          <button type="button" class="copy">
            copy
          </button>
        </p>
      )}
    </article>
  )
}
