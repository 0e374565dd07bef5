/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Arrow } from './arrows.ts'
import { fitText } from './fit-text.ts'
import { round } from './round.ts'

export function ArrowShape({ arrow }: { arrow: Arrow }) {
  const { x1, y1, x2, y2, lost, faint, label, way } = arrow
  const right = x2 > x1
  const to = right ? x2 - 5 : x2 + 5
  const text = fitText(label, 150, 11)
  return (
    <g class={`arrow ${way}${lost ? ' bad' : ''}${faint ? ' faint' : ''}`}>
      <path d={`M${x1} ${round(y1)}L${lost ? x2 : to} ${round(y2)}`} />
      {lost ? (
        <path class="cross" d={`M${x2 - 5} ${round(y2 - 5)}l10 10m0 -10l-10 10`} />
      ) : (
        <path class="head" d={`M${x2} ${round(y2)}l${right ? -7 : 7} -4v8z`} />
      )}
      {text !== '' && (
        <text x={right ? x1 + 8 : x1 - 8} y={round(y1 - 5)} text-anchor={right ? 'start' : 'end'}>
          {text}
        </text>
      )}
    </g>
  )
}
