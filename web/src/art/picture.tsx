/**
 * The picture of a sale: its own image, else one drawn from its name. It is decoration: the name
 * beside it says what it is.
 */
import { memo, useState } from 'react';
import { Chance } from './chance.ts';
import { palettes } from './palettes.ts';
import { Shoe } from './shoe.tsx';
import { Composition, Device, Ticket } from './things.tsx';

interface PictureProps {
  readonly name: string;
  /** The dialect that made the sale, which hints at the kind of goods. */
  readonly door: string;
  readonly image: string | null;
  readonly className?: string;
}

export const Picture = memo(function Picture({ name, door, image, className = '' }: PictureProps) {
  const [broken, setBroken] = useState<string | null>(null);
  if (image !== null && image !== broken) {
    return (
      <img
        src={image}
        alt=""
        loading="lazy"
        decoding="async"
        referrerPolicy="no-referrer"
        className={`object-cover ${className}`}
        onError={() => setBroken(image)}
      />
    );
  }
  return <Drawing name={name} door={door} className={className} />;
});

function Drawing({ name, door, className }: { name: string; door: string; className: string }) {
  const chance = new Chance(name);
  const palette = chance.pick(palettes);
  const subject = { name, chance, palette };
  const Thing = { shoe: Shoe, ticket: Ticket, device: Device, other: Composition }[thingOf(name, door)];
  return (
    <svg viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice" aria-hidden="true" className={className}>
      <rect width="400" height="300" fill={palette.stage} />
      <Backdrop chance={chance} shade={palette.shade} />
      <Thing {...subject} />
    </svg>
  );
}

function Backdrop({ chance, shade }: { chance: Chance; shade: string }) {
  const kind = chance.pick(['sun', 'slope', 'stripes', 'steps']);
  if (kind === 'sun') return <circle cx={chance.between(150, 260)} cy="138" r="118" fill={shade} />;
  if (kind === 'slope')
    return <path d={`M0 ${chance.between(150, 210)}L400 ${chance.between(60, 130)}V300H0Z`} fill={shade} />;
  if (kind === 'steps') return <path d="M0 300V236H100V188H200V140H300V92H400V300Z" fill={shade} />;
  return (
    <g stroke={shade} strokeWidth="26">
      {[0, 1, 2, 3, 4, 5].map((i) => (
        <path key={i} d={`M${i * 86 - 60} 320L${i * 86 + 100} -20`} />
      ))}
    </g>
  );
}

type Thing = 'shoe' | 'ticket' | 'device' | 'other';

const words: readonly (readonly [RegExp, Thing])[] = [
  [/\b(shoes?|sneakers?|boots?|runners?|trainers?|og|retro|high|low|mid|v\d)\b/i, 'shoe'],
  [/\b(tickets?|night|concert|festival|gig|show|tour|live|seats?|opening|premiere|match)\b/i, 'ticket'],
  [/\b(i?phones?|tablet|console|laptop|camera|watch|pods?)\b|\w+phone/i, 'device'],
];

function thingOf(name: string, door: string): Thing {
  if (door === 'drops') return 'shoe';
  if (door === 'tickets' || door === 'seats') return 'ticket';
  return words.find(([pattern]) => pattern.test(name))?.[1] ?? (door === 'flash' ? 'device' : 'other');
}
