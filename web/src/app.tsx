/** Maps an address to its page. */
import { ErrorBoundary } from './frame/error-boundary.tsx';
import { Frame } from './frame/frame.tsx';
import { usePath } from './frame/router.tsx';
import { BoxOffice } from './pages/box-office.tsx';
import { Gates } from './pages/gates.tsx';
import { Home } from './pages/home.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Seats } from './pages/seats.tsx';
import { Shop } from './pages/shop.tsx';

const pages: Readonly<Record<string, () => React.JSX.Element>> = {
  '/': Home,
  '/drops': Shop,
  '/box-office': BoxOffice,
  '/gates': Gates,
};
const hall = /^\/box-office\/([^/]+)$/;

export function App() {
  const path = usePath();
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path;
  const sale = hall.exec(plain)?.[1];
  const Page = pages[plain] ?? NotFound;
  return (
    <Frame isWide={sale !== undefined}>
      <ErrorBoundary key={path}>{sale === undefined ? <Page /> : <Seats id={decoded(sale)} />}</ErrorBoundary>
    </Frame>
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
