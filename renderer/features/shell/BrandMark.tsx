/** As build/icons/icon.svg: hosts on both sides of a break that is kept open. */
export function BrandMark() {
  const cells = [
    { x: 2, y: 2, fire: true },
    { x: 9.2, y: 2, fire: true },
    { x: 2, y: 9.2, fire: true },
    { x: 16.4, y: 9.2, fire: false },
    { x: 9.2, y: 16.4, fire: false },
    { x: 16.4, y: 16.4, fire: false },
  ];
  return (
    <svg className="brand-mark" viewBox="0 0 24 24" width={24} height={24} aria-hidden>
      {cells.map(({ x, y, fire }) => (
        <rect key={`${x} ${y}`} x={x} y={y} width={5.6} height={5.6} rx={1.4} className={fire ? 'burning' : 'safe'} />
      ))}
      <path d="M 3 21 L 21 3" />
    </svg>
  );
}
