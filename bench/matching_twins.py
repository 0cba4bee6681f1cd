"""The least that could be done: a product of two sparse matrices and the best twenty of each side. No requirements, no small parts, no ties, no explanations."""

import numba
import numpy as np
from scipy.sparse import csr_array

BLOCK = 2_000


def scipy_lists(people: csr_array, programs: csr_array, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Values of the best k programmes of each person and of the best k people of each programme."""
    columns = programs.T.tocsc()
    of_people, of_programs = [], np.zeros((k, programs.shape[0]), dtype=np.float32)
    for first in range(0, people.shape[0], BLOCK):
        block = (people[first : first + BLOCK] @ columns).toarray()
        best = np.argpartition(block, block.shape[1] - k, axis=1)[:, -k:]
        of_people.append(np.take_along_axis(block, best, axis=1))
        both = np.concatenate([of_programs, block])
        best = np.argpartition(both, len(both) - k, axis=0)[-k:]
        of_programs = np.take_along_axis(both, best, axis=0)
    return np.concatenate(of_people), of_programs


@numba.njit(cache=False)
def numba_lists(pointers, concepts, values, program_pointers, program_of, points, programs, k):  # noqa: PLR0917 -- arrays of a compiled loop
    """The same as one loop over people: `pointers`, `concepts` and `values` are the rows of people, the others the columns of programmes by concept."""
    people = len(pointers) - 1
    of_people = np.zeros((people, k), dtype=np.float32)
    of_programs = np.zeros((programs, k), dtype=np.float32)
    scores = np.zeros(programs, dtype=np.float32)
    for person in range(people):
        scores[:] = 0
        for place in range(pointers[person], pointers[person + 1]):
            value = values[place]
            for other in range(program_pointers[concepts[place]], program_pointers[concepts[place] + 1]):
                scores[program_of[other]] += value * points[other]
        for program in range(programs):
            score = scores[program]
            if score > of_people[person, 0]:
                insert(of_people[person], score)
            if score > of_programs[program, 0]:
                insert(of_programs[program], score)
    return of_people, of_programs


@numba.njit(cache=False)
def insert(row, score):
    """Put a score in its place in an ascending row and drop the least."""
    place = 0
    while place + 1 < len(row) and row[place + 1] < score:
        row[place] = row[place + 1]
        place += 1
    row[place] = score
