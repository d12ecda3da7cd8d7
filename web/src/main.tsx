import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { live } from './store/live.ts';
import './styles.css';
import { deals } from './visitor/deals.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
live.start();
deals.start();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
