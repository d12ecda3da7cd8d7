/** A gate from the front: two posts, two flaps, and a light that is a sign, not only a colour. */

export type GateLook = 'shut' | 'open' | 'denied';

export function GatePicture({ look, className = '' }: { look: GateLook; className?: string }) {
  const slide = look === 'open' ? 'scaleX(0.16)' : 'scaleX(1)';
  const sign = { shut: 'fill-edge', open: 'fill-good', denied: 'fill-signal' }[look];
  return (
    <svg viewBox="0 0 160 96" className={className} aria-hidden="true">
      <path d="M0 91.5H160" className="stroke-edge" strokeWidth="2" />
      <g className={look === 'denied' ? 'fill-signal/55' : 'fill-edge/55'}>
        <path
          d="M34 36H76Q78 36 78 38V80Q78 82 76 82H34Z"
          className="transition-transform duration-200 ease-out"
          style={{ transform: slide, transformOrigin: '34px 50%' }}
        />
        <path
          d="M126 36H84Q82 36 82 38V80Q82 82 84 82H126Z"
          className="transition-transform duration-200 ease-out"
          style={{ transform: slide, transformOrigin: '126px 50%' }}
        />
      </g>
      <g className="fill-ink">
        <path d="M8 26Q8 20 14 20H28Q34 20 34 26V91H8Z" />
        <path d="M126 26Q126 20 132 20H146Q152 20 152 26V91H126Z" />
      </g>
      <circle cx="139" cy="12" r="11" className={`${sign} transition-[fill] duration-150`} />
      {look === 'open' && (
        <path
          d="M139 17.5V7M134.6 11L139 6.6L143.4 11"
          className="fill-none stroke-on-good"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
      {look === 'denied' && (
        <path
          d="M135 8L143 16M143 8L135 16"
          className="fill-none stroke-on-signal"
          strokeWidth="2.4"
          strokeLinecap="round"
        />
      )}
    </svg>
  );
}
