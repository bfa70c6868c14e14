//! [`Budget`]: how many bytes pools and arenas may hold together.
//!
//! The rule of this file: *bytes are reserved before memory is mapped, and released once, after it is unmapped*. A
//! [`Charge`] is such a reservation; it releases its bytes when it is dropped, so every path that fails halfway
//! releases them too.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::error::{BudgetHolder, Label, OverBudget};

/// A limit, in bytes, for what [pools](crate::Pool) and [arenas](crate::Arena) hold together.
///
/// It is a handle: a clone is the same budget, and threads may share it. It counts the memory that a pool reserves,
/// leased or not, in whole pages (4096 bytes), from before the pool is built until after its memory is returned to the
/// system. Of a [`RowBuilder`](crate::pattern::RowBuilder) it counts the memory of the rows, as they come. When the
/// limit is reached, arenas return idle memory, least recently used first, before anything fails.
///
/// ```
/// use ndarray_pool::{Budget, prelude::*};
///
/// # fn main() -> Result<(), PoolError> {
/// let budget = Budget::new(20_000_000);
/// let pool = Pool2::<f64>::builder((1000, 1000)).buffers(2).budget(&budget).build()?;
/// assert_eq!(budget.reserved_bytes(), 16_003_072); // 2 × 8,000,000, in whole pages
/// let more = Pool2::<f64>::builder((1000, 1000)).buffers(1).budget(&budget);
/// assert!(more.clone().build().is_err());
/// drop(pool);
/// assert!(more.build().is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Budget {
    inner: Arc<Inner>,
}

struct Inner {
    limit_bytes: usize,
    reserved_bytes: AtomicUsize,
    peak_reserved_bytes: AtomicUsize,
    /// A logical clock that advances with the leases of arenas, so that it is known which pool was used last.
    clock: AtomicU64,
    next_account: AtomicU64,
    accounts: Mutex<BTreeMap<u64, Account>>,
    lenders: Mutex<Vec<Weak<dyn Lender>>>,
}

/// A pool that is charged as a whole.
struct Account {
    label: Arc<Label>,
    bytes: usize,
    built_at: &'static Location<'static>,
}

/// An arena, as the budget sees it: it can return idle memory, and knows who holds the rest.
pub(crate) trait Lender: Send + Sync {
    /// Reports when each idle pool was used last, and its bytes.
    fn each_idle(&self, tell: &mut dyn FnMut(u64, usize));
    /// Returns the idle pools that were not used after `stamp` to the system.
    fn give_back(&self, stamp: u64);
    /// How many bytes are leased from it.
    fn leased_bytes(&self) -> usize;
    /// Reports who holds them, with one call for each lease.
    fn tell_holders(&self, tell: &mut dyn FnMut(String, usize, &'static Location<'static>));
}

impl Budget {
    /// A budget of so many bytes. With 0, only arrays without elements fit.
    #[must_use]
    pub fn new(limit_bytes: usize) -> Self {
        Budget {
            inner: Arc::new(Inner {
                limit_bytes,
                reserved_bytes: AtomicUsize::new(0),
                peak_reserved_bytes: AtomicUsize::new(0),
                clock: AtomicU64::new(0),
                next_account: AtomicU64::new(0),
                accounts: Mutex::default(),
                lenders: Mutex::default(),
            }),
        }
    }

    /// A budget that only the system's memory limits, to measure what a program needs.
    #[must_use]
    pub fn unlimited() -> Self {
        Budget::new(usize::MAX)
    }

    /// The limit, in bytes.
    pub fn limit_bytes(&self) -> usize {
        self.inner.limit_bytes
    }

    /// How many bytes are reserved now, leased or idle.
    pub fn reserved_bytes(&self) -> usize {
        self.inner.reserved_bytes.load(Relaxed)
    }

    /// The most bytes that were reserved at once so far.
    pub fn peak_reserved_bytes(&self) -> usize {
        self.inner.peak_reserved_bytes.load(Relaxed)
    }

    /// Reserves bytes if so many are left.
    pub(crate) fn try_charge(&self, bytes: usize) -> Option<Charge> {
        let inner = &*self.inner;
        let within = |reserved: usize| {
            reserved.checked_add(bytes).filter(|&reserved| reserved <= inner.limit_bytes)
        };
        let before = inner.reserved_bytes.fetch_update(Relaxed, Relaxed, within).ok()?;
        inner.peak_reserved_bytes.fetch_max(before + bytes, Relaxed);
        Some(Charge { budget: self.clone(), bytes: AtomicUsize::new(bytes), account: None })
    }

    /// Reserves bytes, for which idle memory is returned to the system if need be. `label` says what for.
    ///
    /// No lock of an arena may be held.
    pub(crate) fn charge(
        &self,
        bytes: usize,
        label: &Arc<Label>,
    ) -> Result<Charge, Box<OverBudget>> {
        loop {
            if let Some(charge) = self.try_charge(bytes) {
                return Ok(charge);
            }
            // A request that can never fit does not cost anybody their idle memory.
            if bytes > self.inner.limit_bytes || !self.make_room(bytes) {
                // Another thread may have returned memory that this one then did not find.
                let charge = self.try_charge(bytes);
                return charge.ok_or_else(|| self.over_budget(bytes, label));
            }
        }
    }

    pub(crate) fn add_lender(&self, lender: Weak<dyn Lender>) {
        let mut lenders = lock(&self.inner.lenders);
        lenders.retain(|lender| lender.strong_count() > 0);
        lenders.push(lender);
    }

    /// A time that advances with each call. It is not one atomic instruction, which would slow down every lease:
    /// threads that call at the same time may get the same time, or an earlier one.
    #[inline]
    pub(crate) fn tick(&self) -> u64 {
        let now = self.inner.clock.load(Relaxed) + 1;
        self.inner.clock.store(now, Relaxed);
        now
    }

    /// Returns idle pools of all arenas to the system, the least recently used first, until so many bytes are left.
    /// `false` if nothing is idle.
    fn make_room(&self, bytes: usize) -> bool {
        let lenders = self.lenders();
        let mut idle = Vec::new();
        for lender in &lenders {
            lender.each_idle(&mut |stamp, bytes| idle.push((stamp, bytes)));
        }
        let left_bytes = self.inner.limit_bytes.saturating_sub(self.reserved_bytes());
        // One byte at least: another thread may have made room by now, and the caller asks again.
        let Some(stamp) = newest_of(&mut idle, bytes.saturating_sub(left_bytes).max(1)) else {
            return false;
        };
        lenders.iter().for_each(|lender| lender.give_back(stamp));
        true
    }

    /// The arenas that are alive, without holding the lock: they have locks of their own.
    fn lenders(&self) -> Vec<Arc<dyn Lender>> {
        lock(&self.inner.lenders).iter().filter_map(Weak::upgrade).collect()
    }

    fn over_budget(&self, asked_bytes: usize, label: &Arc<Label>) -> Box<OverBudget> {
        let lenders = self.lenders();
        let mut holders: BTreeMap<_, BudgetHolder> = BTreeMap::new();
        let mut tell = |name: String, bytes, at: &'static Location<'static>| {
            let key = (name.clone(), at.file(), at.line(), at.column());
            let holder =
                holders.entry(key).or_insert(BudgetHolder { name, bytes: 0, count: 0, at });
            holder.bytes += bytes;
            holder.count += 1;
        };
        let mut leased_bytes = 0;
        for account in lock(&self.inner.accounts).values() {
            leased_bytes += account.bytes;
            tell(account.label.to_string(), account.bytes, account.built_at);
        }
        for lender in &lenders {
            leased_bytes += lender.leased_bytes();
            lender.tell_holders(&mut tell);
        }
        let mut holders: Vec<BudgetHolder> = holders.into_values().collect();
        holders.sort_by_key(|holder| std::cmp::Reverse(holder.bytes));
        Box::new(OverBudget {
            asked_bytes,
            label: Arc::clone(label),
            limit_bytes: self.limit_bytes(),
            reserved_bytes: self.reserved_bytes(),
            leased_bytes,
            holders,
        })
    }
}

/// The stamp up to which idle pools have to be returned to free so many bytes, the oldest first: the last use of the
/// newest of them. It is that of the newest pool if all are not enough, and `None` if none has to go. `idle` has the
/// last use and the bytes of each, and is sorted here.
pub(crate) fn newest_of(idle: &mut [(u64, usize)], bytes: usize) -> Option<u64> {
    idle.sort_unstable();
    let mut freed_bytes = 0;
    let going = idle.iter().take_while(|(_, bytes_of_one)| {
        let goes = freed_bytes < bytes;
        freed_bytes += bytes_of_one;
        goes
    });
    going.last().map(|(stamp, _)| *stamp)
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("limit_bytes", &self.limit_bytes())
            .field("reserved_bytes", &self.reserved_bytes())
            .finish_non_exhaustive()
    }
}

/// A reservation of bytes of a budget, which lasts as long as this value.
pub(crate) struct Charge {
    budget: Budget,
    bytes: AtomicUsize,
    account: Option<u64>,
}

impl Charge {
    /// Names the holder: a pool that is charged as a whole, and that no arena reports.
    pub(crate) fn on_account(mut self, label: &Arc<Label>, at: &'static Location<'static>) -> Self {
        let id = self.budget.inner.next_account.fetch_add(1, Relaxed);
        let bytes = self.bytes.load(Relaxed);
        let account = Account { label: Arc::clone(label), bytes, built_at: at };
        lock(&self.budget.inner.accounts).insert(id, account);
        self.account = Some(id);
        self
    }

    /// Reserves more, up to `bytes` in total. `label` says what for. For one thread at a time; no lock of an arena may
    /// be held.
    pub(crate) fn grow_to(&self, bytes: usize, label: &Arc<Label>) -> Result<(), Box<OverBudget>> {
        let more_bytes = bytes.saturating_sub(self.bytes.load(Relaxed));
        let more = self.budget.charge(more_bytes, label)?;
        self.bytes.fetch_add(more.bytes.swap(0, Relaxed), Relaxed); // this one releases them
        let mut accounts = lock(&self.budget.inner.accounts);
        if let Some(account) = self.account.and_then(|id| accounts.get_mut(&id)) {
            account.bytes = bytes;
        }
        Ok(())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if let Some(id) = self.account {
            lock(&self.budget.inner.accounts).remove(&id);
        }
        self.budget.inner.reserved_bytes.fetch_sub(*self.bytes.get_mut(), Relaxed);
    }
}

impl fmt::Debug for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Charge({} bytes)", self.bytes.load(Relaxed))
    }
}

/// No user code runs under these locks, so what a poisoned one guards is intact.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
