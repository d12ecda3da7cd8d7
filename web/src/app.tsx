/** Which page an address names. */
import { ErrorBoundary } from './frame/error-boundary.tsx';
import { Frame } from './frame/frame.tsx';
import { usePath } from './frame/router.tsx';
import { Home } from './pages/home.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Shop } from './pages/shop.tsx';

const pages: Readonly<Record<string, () => React.JSX.Element>> = { '/': Home, '/drops': Shop };

export function App() {
  const path = usePath();
  const Page = pages[path.length > 1 ? path.replace(/\/$/, '') : path] ?? NotFound;
  return (
    <Frame>
      <ErrorBoundary key={path}>
        <Page />
      </ErrorBoundary>
    </Frame>
  );
}
