/** For addresses that name nothing. */
import { Link, PageTitle } from '../frame/router.tsx';
import { buttonClass } from '../shared/button.tsx';

export function NotFound() {
  return (
    <div className="py-10 sm:py-20">
      <PageTitle title="Not here · Holdfast" className="display text-[clamp(2.75rem,9vw,6.5rem)]">
        This one is gone.
      </PageTitle>
      <p className="mt-6 max-w-[46ch] text-lg text-pretty">
        Or it never was: nothing stands at{' '}
        <code className="font-mono text-[0.95em] break-all">{location.pathname}</code>. What is left of everything else
        is in the shop.
      </p>
      <p className="mt-6 flex flex-wrap gap-3">
        <Link href="/drops" className={buttonClass('solid')}>
          Go to the shop
        </Link>
        <Link href="/" className={buttonClass('outline')}>
          Home
        </Link>
      </p>
    </div>
  );
}
