import './no-eval.ts';
import '@picocss/pico/css/pico.jade.min.css';
import './styles/index.css';
import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root) render(<App />, root);
