//! Who waits for whom: for every node, how much of what it reads is known and there, and what its users ask
//! of it. Counts, so that the end of one node costs as much as it has neighbours, however large the film is.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;

use super::standing::Demand;
use crate::graph::{ActionKey, NodeIndex};

/// Counts by node index, and the nodes to look at again.
#[derive(Resource, Debug, Default)]
pub(super) struct Links {
    /// The stored nodes that read a node.
    users: Vec<Vec<NodeIndex>>,
    /// The stored nodes that it reads.
    needs: Vec<Vec<NodeIndex>>,
    /// How many ask for its content, and how many for its artifacts.
    asked: Vec<[u32; 2]>,
    /// What it asks of what it reads.
    passes: Vec<Demand>,
    /// Whether its content is known; how many of its needs' contents are not.
    known: Vec<bool>,
    unknown: Vec<u32>,
    /// Whether its artifacts are there to be read; how many of its needs' are not.
    whole: Vec<bool>,
    open: Vec<u32>,
    /// The failed node that keeps it from ever running.
    fallen: Vec<Option<NodeIndex>>,
    /// Who makes, and who waits for an equal action to be made.
    makers: BTreeMap<ActionKey, NodeIndex>,
    twins: BTreeMap<ActionKey, Vec<NodeIndex>>,
    /// To look at again, lowest first: what is read stands before what reads it.
    pub agenda: BTreeSet<NodeIndex>,
}

impl Links {
    /// Nothing known yet, and everything on the agenda. `needs` are by node index.
    pub fn new(needs: Vec<Vec<NodeIndex>>, nodes: &BTreeSet<NodeIndex>) -> Self {
        let count = needs.len();
        let mut users = vec![Vec::new(); count];
        for node in nodes {
            needs[node.index()].iter().for_each(|need| users[need.index()].push(*node));
        }
        let all: Vec<u32> = needs.iter().map(|needs| needs.len() as u32).collect();
        Self {
            users,
            needs,
            asked: vec![[0; 2]; count],
            passes: vec![Demand::Nothing; count],
            known: vec![false; count],
            unknown: all.clone(),
            whole: vec![false; count],
            open: all,
            fallen: vec![None; count],
            agenda: nodes.clone(),
            ..Self::default()
        }
    }

    /// The stored nodes that a node reads.
    pub fn needs(&self, node: NodeIndex) -> &[NodeIndex] {
        &self.needs[node.index()]
    }

    /// What is wanted of a node.
    pub fn wanted(&self, node: NodeIndex) -> Demand {
        match self.asked[node.index()] {
            [0, 0] => Demand::Nothing,
            [_, 0] => Demand::Content,
            _ => Demand::Artifacts,
        }
    }

    /// A target's artifacts are wanted whatever else is.
    pub fn want(&mut self, target: NodeIndex) {
        self.asked[target.index()][1] += 1;
        self.agenda.insert(target);
    }

    /// Whether the content of all that a node reads is known.
    pub fn inputs_known(&self, node: NodeIndex) -> bool {
        self.unknown[node.index()] == 0
    }

    /// Whether the artifacts of all that a node reads are there.
    pub fn inputs_whole(&self, node: NodeIndex) -> bool {
        self.open[node.index()] == 0
    }

    /// The failed node that keeps it from ever running.
    pub fn fallen(&self, node: NodeIndex) -> Option<NodeIndex> {
        self.fallen[node.index()]
    }

    /// What a node asks of what it reads from now on.
    pub fn pass(&mut self, node: NodeIndex, demand: Demand) {
        let before = std::mem::replace(&mut self.passes[node.index()], demand);
        if before == demand {
            return;
        }
        for at in 0..self.needs[node.index()].len() {
            let need = self.needs[node.index()][at];
            let wanted = self.wanted(need);
            let asked = &mut self.asked[need.index()];
            if let Some(slot) = slot(before) {
                asked[slot] -= 1;
            }
            if let Some(slot) = slot(demand) {
                asked[slot] += 1;
            }
            if self.wanted(need) != wanted {
                self.agenda.insert(need);
            }
        }
    }

    /// Whether a node's content is known, from now on.
    pub fn set_known(&mut self, node: NodeIndex, known: bool) {
        if std::mem::replace(&mut self.known[node.index()], known) != known {
            self.count(node, known, |links| &mut links.unknown);
        }
    }

    /// Whether a node's artifacts are there to be read, from now on.
    pub fn set_whole(&mut self, node: NodeIndex, whole: bool) {
        if std::mem::replace(&mut self.whole[node.index()], whole) != whole {
            self.count(node, whole, |links| &mut links.open);
        }
    }

    /// One less, or one more, to wait for. Users are looked at again where that makes a difference.
    fn count(&mut self, node: NodeIndex, there: bool, of: impl Fn(&mut Self) -> &mut Vec<u32>) {
        for at in 0..self.users[node.index()].len() {
            let user = self.users[node.index()][at];
            let count = &mut of(self)[user.index()];
            let before = *count;
            *count = if there { before - 1 } else { before + 1 };
            if before == 0 || *count == 0 {
                self.agenda.insert(user);
            }
        }
    }

    /// `because` failed, and with it whatever needs `node`.
    pub fn fell(&mut self, node: NodeIndex, because: NodeIndex) {
        for at in 0..self.users[node.index()].len() {
            let user = self.users[node.index()][at];
            self.fallen[user.index()].get_or_insert(because);
            self.agenda.insert(user);
        }
    }

    /// Whether it is for `node` to make this; where an equal action is being made already, `node` is looked at
    /// again once that has ended.
    pub fn makes(&mut self, node: NodeIndex, action: ActionKey) -> bool {
        let maker = *self.makers.entry(action).or_insert(node);
        if maker != node {
            let twins = self.twins.entry(action).or_default();
            if !twins.contains(&node) {
                twins.push(node);
            }
        }
        maker == node
    }

    /// `node` does not make this, or not any more.
    pub fn leaves(&mut self, node: NodeIndex, action: ActionKey) {
        if self.makers.get(&action) == Some(&node) {
            self.makers.remove(&action);
            self.agenda.extend(self.twins.remove(&action).into_iter().flatten());
        }
    }
}

fn slot(demand: Demand) -> Option<usize> {
    match demand {
        Demand::Nothing => None,
        Demand::Content => Some(0),
        Demand::Artifacts => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(at: usize) -> NodeIndex {
        NodeIndex::new(at)
    }

    /// 0 and 1 enter 2.
    fn links() -> Links {
        let needs = vec![Vec::new(), Vec::new(), vec![node(0), node(1)]];
        let mut links = Links::new(needs, &(0..3).map(node).collect());
        links.agenda.clear();
        links
    }

    #[test]
    fn what_is_wanted_follows_what_users_ask() {
        let mut links = links();
        links.want(node(2));
        assert_eq!(links.wanted(node(2)), Demand::Artifacts);
        links.pass(node(2), Demand::Content);
        assert_eq!(links.wanted(node(1)), Demand::Content);
        links.agenda.clear();
        links.pass(node(2), Demand::Content);
        assert!(links.agenda.is_empty(), "nothing new");
        links.pass(node(2), Demand::Nothing);
        assert_eq!(links.wanted(node(0)), Demand::Nothing);
        assert_eq!(links.agenda, BTreeSet::from([node(0), node(1)]));
    }

    #[test]
    fn a_user_is_looked_at_when_the_last_that_it_reads_is_there_and_when_one_is_lost() {
        let mut links = links();
        links.set_whole(node(0), true);
        assert!(links.agenda.is_empty() && !links.inputs_whole(node(2)));
        links.set_whole(node(1), true);
        assert!(links.agenda.remove(&node(2)) && links.inputs_whole(node(2)));
        links.set_whole(node(1), false);
        assert!(links.agenda.remove(&node(2)) && !links.inputs_whole(node(2)));
        links.set_known(node(0), true);
        links.set_known(node(0), true);
        assert!(!links.inputs_known(node(2)));
    }

    #[test]
    fn of_equal_actions_one_is_made_and_the_others_wait_for_its_end() {
        let mut links = links();
        let action = ActionKey(crate::units::Digest([1; 32]));
        assert!(links.makes(node(0), action) && links.makes(node(0), action));
        assert!(!links.makes(node(1), action));
        links.leaves(node(1), action);
        assert!(links.agenda.is_empty(), "it was not the maker");
        links.leaves(node(0), action);
        assert!(links.agenda.contains(&node(1)) && links.makes(node(1), action));
    }
}
