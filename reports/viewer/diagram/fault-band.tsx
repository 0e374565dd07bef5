/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Band } from './bands.ts'
import { fitText, textWidth } from './fit-text.ts'
import { round } from './round.ts'

export function FaultBand({ band }: { band: Band }) {
  const { kind, x, width, from, to, caption, fault } = band
  const text = fitText(fault.caption, 220, 11)
  const wide = textWidth(text, 11) + 16
  const middle = x + width / 2
  return (
    <g class={`band ${kind}`}>
      <title>{fault.caption}</title>
      <rect
        x={round(x)}
        y={round(from)}
        width={round(width)}
        height={round(Math.max(6, to - from))}
        rx={4}
      />
      {caption && (
        <>
          <rect
            class="pill"
            x={round(middle - wide / 2)}
            y={round(from - 9)}
            width={round(wide)}
            height={18}
            rx={9}
          />
          <text x={round(middle)} y={round(from + 4)} text-anchor="middle">
            {text}
          </text>
        </>
      )}
    </g>
  )
}
