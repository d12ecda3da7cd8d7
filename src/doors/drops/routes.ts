/** The rows of the dialect: paths, who may call them, what they answer. */
import type { Route } from '../../http/door.ts';
import type { Operations } from '../kit/operations.ts';
import type { Owners } from '../kit/owners.ts';
import type { Shares } from '../kit/shares.ts';
import { createDrop, createUser, purchase, reserve } from './operations.ts';
import * as reads from './reads.ts';
import * as schemas from './schemas.ts';
import { Usernames } from './usernames.ts';

interface DropsTerms {
  /** Of the prices in requests. */
  readonly currency: string;
  readonly owners: Owners;
  readonly shares: Shares | null;
}

export function dropsRoutes(operations: Operations, { currency, owners, shares }: DropsTerms): Route[] {
  const refusal = { description: 'The request was refused. The error says why.', schema: schemas.errorAnswer };
  const errors = {
    400: refusal,
    422: { description: 'The idempotency key was used for a different request.', schema: schemas.errorAnswer },
    503: {
      description: 'The result is not known. Retry with the same key, if one was sent.',
      schema: schemas.errorAnswer,
    },
  };
  return [
    operations.read(
      {
        method: 'GET',
        path: '/api/health',
        needs: 'buy',
        anyHost: true,
        summary: 'Check that the inventory system runs',
        answers: { 200: { description: 'It runs.', schema: schemas.healthAnswer } },
      },
      reads.health,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/users',
        needs: 'see',
        summary: 'List all users',
        answers: { 200: { description: 'The users, oldest first.', schema: schemas.usersAnswer } },
      },
      reads.listUsers,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/users',
        needs: 'buy',
        free: true,
        summary: 'Create a user with a new name',
        body: schemas.userRequest,
        key: 'optional',
        answers: { 201: { description: 'The created user.', schema: schemas.userAnswer }, ...errors },
      },
      createUser(owners, new Usernames()),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/drops',
        needs: 'buy',
        shared: true,
        summary: 'List drops that have started, latest start first',
        answers: { 200: { description: 'The drops.', schema: schemas.dropsAnswer } },
      },
      reads.listDrops(operations.node),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/drops/:id',
        needs: 'buy',
        shared: true,
        summary: 'Get a drop',
        answers: { 200: { description: 'The drop.', schema: schemas.dropAnswer }, 404: refusal },
      },
      reads.oneDrop,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/drops',
        needs: 'run',
        summary: 'Create a drop',
        body: schemas.dropRequestIn(currency),
        key: 'optional',
        answers: { 201: { description: 'The created drop.', schema: schemas.dropMadeAnswer }, ...errors },
      },
      createDrop(currency),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/reserve/:dropId',
        needs: 'buy',
        summary: 'Reserve one unit for a minute',
        body: schemas.byUserRequest,
        key: 'optional',
        answers: { 201: { description: 'The reservation.', schema: schemas.reservationAnswer }, ...errors },
      },
      reserve(shares),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/purchase/:reservationId',
        needs: 'buy',
        summary: 'Buy a reserved unit',
        body: schemas.byUserRequest,
        key: 'optional',
        answers: { 201: { description: 'The purchase.', schema: schemas.purchaseAnswer }, ...errors },
      },
      purchase,
    ),
  ];
}
