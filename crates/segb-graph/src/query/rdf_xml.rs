//! Writing RDF/XML.
//!
//! `oxrdfio` writes carriage returns that readers turn into line feeds, characters that XML cannot carry, and elements
//! without a name for predicates that have no local name. Here such a graph is refused.

use std::io::{self, Write};

use oxrdf::{NamedOrBlankNodeRef, TermRef, TripleRef};

use super::{QueryError, failure::Failure, xml};
use crate::term::XSD_STRING;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// Names that mean something else to readers than the property they look like (RDF/XML, section 5.1).
const RESERVED: [&str; 12] = [
    "Description",
    "RDF",
    "ID",
    "about",
    "parseType",
    "resource",
    "nodeID",
    "datatype",
    "li",
    "bagID",
    "aboutEach",
    "aboutEachPrefix",
];
/// The namespace that no prefix may be bound to (Namespaces in XML, section 3).
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
const ADVICE: &str = "ask for Turtle or N-Triples";

/// Writes a graph, triple by triple; neighbours with the same subject share an element.
pub(crate) struct RdfXmlWriter<W: Write> {
    out: W,
    subject: Option<String>,
}

impl<W: Write> RdfXmlWriter<W> {
    pub(crate) fn new(mut out: W) -> io::Result<Self> {
        write!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns:rdf=\"{RDF}\">\n")?;
        Ok(Self { out, subject: None })
    }

    pub(crate) fn write(&mut self, triple: TripleRef<'_>) -> Result<(), Failure> {
        self.open_subject(triple.subject)?;
        let predicate = triple.predicate.as_str();
        let element = self.open_property(predicate)?;
        match triple.object {
            TermRef::NamedNode(node) => {
                self.attribute("rdf:resource", node.as_str())?;
                self.out.write_all(b"/>\n")?;
            }
            TermRef::BlankNode(node) => {
                check_label(node.as_str())?;
                self.attribute("rdf:nodeID", node.as_str())?;
                self.out.write_all(b"/>\n")?;
            }
            TermRef::Literal(literal) => {
                if let Some(language) = literal.language() {
                    self.attribute("xml:lang", language)?;
                } else if literal.datatype().as_str() != XSD_STRING {
                    self.attribute("rdf:datatype", literal.datatype().as_str())?;
                }
                self.out.write_all(b">")?;
                Failure::check_xml(ADVICE, literal.value())?;
                xml::write_text(&mut self.out, literal.value())?;
                writeln!(self.out, "</{element}>")?;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<W> {
        if self.subject.is_some() {
            self.out.write_all(b"</rdf:Description>\n")?;
        }
        self.out.write_all(b"</rdf:RDF>\n")?;
        Ok(self.out)
    }

    fn open_subject(&mut self, subject: NamedOrBlankNodeRef<'_>) -> Result<(), Failure> {
        // An absolute IRI has a colon, the label of a blank node has none.
        let (attribute, name) = match subject {
            NamedOrBlankNodeRef::NamedNode(node) => ("rdf:about", node.as_str()),
            NamedOrBlankNodeRef::BlankNode(node) => {
                check_label(node.as_str())?;
                ("rdf:nodeID", node.as_str())
            }
        };
        if self.subject.as_deref() == Some(name) {
            return Ok(());
        }
        if self.subject.is_some() {
            self.out.write_all(b"</rdf:Description>\n")?;
        }
        self.out.write_all(b"<rdf:Description")?;
        self.attribute(attribute, name)?;
        self.out.write_all(b">\n")?;
        let remembered = self.subject.get_or_insert_default();
        remembered.clear();
        remembered.push_str(name);
        Ok(())
    }

    /// Opens the element of a property and returns its name.
    fn open_property<'p>(&mut self, predicate: &'p str) -> Result<PropertyName<'p>, Failure> {
        let not_representable = || {
            let what = format!("the predicate <{}>", crate::term::shortened(predicate, 200));
            QueryError::NotRepresentable { format: "RDF/XML".into(), what, advice: ADVICE.into() }
        };
        let (namespace, local) =
            predicate.split_at(xml::local_name_start(predicate).ok_or_else(not_representable)?);
        if namespace.is_empty() || namespace == XMLNS {
            return Err(not_representable().into());
        }
        if namespace == RDF {
            if RESERVED.contains(&local) {
                return Err(not_representable().into());
            }
            write!(self.out, "  <rdf:{local}")?;
            return Ok(PropertyName { prefix: "rdf", local });
        }
        write!(self.out, "  <p:{local}")?;
        self.attribute("xmlns:p", namespace)?;
        Ok(PropertyName { prefix: "p", local })
    }

    fn attribute(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        Failure::check_xml(ADVICE, value)?;
        write!(self.out, " {name}=\"")?;
        xml::write_attribute(&mut self.out, value)?;
        self.out.write_all(b"\"")?;
        Ok(())
    }
}

struct PropertyName<'p> {
    prefix: &'static str,
    local: &'p str,
}

impl std::fmt::Display for PropertyName<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.prefix, self.local)
    }
}

fn check_label(label: &str) -> Result<(), Failure> {
    if xml::is_local_name(label) {
        return Ok(());
    }
    let what = format!("the blank node label {label}");
    Err(QueryError::NotRepresentable { format: "RDF/XML".into(), what, advice: ADVICE.into() }.into())
}
